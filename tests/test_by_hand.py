"""The suite's answers are those that the networks' library gives when it is called by hand."""

from pathlib import Path

import matplotlib
import pandas as pd
import pytest
import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config

from objectpose.datasets.rendered import RenderedDataset
from objectpose.models import offline, registry

NAMES = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
PHOTO = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
WORDS = (f"model=[{','.join(NAMES)}]", "progress=false")


def by_hand(name):
    """Return timm's network with the package's weights, and timm's transform for it."""
    network = timm.create_model(f"tf_{name}").eval()
    blocks = [(stage, block) for stage, row in enumerate(network.blocks) for block in range(len(row))]
    state = torch.load(registry.locate(registry.resolve(name)[0]).path, weights_only=True)
    network.load_state_dict({offline.timm_key(key, blocks): value for key, value in state.items()})
    config = resolve_data_config(pretrained_cfg=timm.get_pretrained_cfg(f"tf_{name}.in1k").to_dict())
    return network, create_transform(**config)


def predictions(folder, dataset):
    return {
        name: pd.read_parquet(next((folder / "results" / "predictions").glob(f"{dataset}-*/{name}-*.parquet")))
        for name in NAMES
    }


def agree(stored, pictures):
    """Compare stored answers with those of the library, one picture at a time."""
    for name in NAMES:
        network, transform = by_hand(name)
        rows = stored[name].set_index("image_id")
        for image_id, picture in pictures:
            with torch.inference_mode():
                probabilities = network(transform(picture)[None])[0].softmax(0)
            want = probabilities.topk(5)
            assert rows.loc[image_id, "top5"].tolist() == want.indices.tolist(), (name, image_id)
            assert rows.loc[image_id, "top5_prob"].tolist() == pytest.approx(want.values.tolist(), abs=2e-5)


@pytest.mark.slow
def test_a_folder_of_photographs(cli, tmp_path):
    folder = tmp_path / "photos"
    photo = Image.open(PHOTO).convert("RGB")
    width, height = photo.size
    cuts = {
        "military uniform/whole.jpg": photo,
        "military uniform/upper.png": photo.crop((31, 0, width, 401)),
        "military uniform/turned.png": photo.rotate(90, expand=True),
        "suit/small.png": photo.resize((151, 133)),
        "suit/wide.png": photo.crop((0, 77, width, 300)),
        "suit/tall.png": photo.crop((111, 0, 301, height)),
    }
    for name, picture in cuts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture.save(folder / name)
    done = cli("eval", "dataset=folder", "dataset.path=photos", *WORDS)
    assert done.returncode == 0, done.stderr
    agree(predictions(tmp_path, "folder"), [(name, Image.open(folder / name).convert("RGB")) for name in cuts])


@pytest.mark.slow
def test_pictures_of_the_quick_data_set(cli, tmp_path):
    done = cli("eval", "dataset.objects=[tank,jeep,violin,banana]", "dataset.conditions=[upright,so3]", *WORDS)
    assert done.returncode == 0, done.stderr
    data = RenderedDataset(next((tmp_path / "renders").glob("quick-*")))
    names = data.plan["image_id"].iloc[::3]
    agree(predictions(tmp_path, "quick"), [(name, Image.fromarray(data.image(name))) for name in names])
