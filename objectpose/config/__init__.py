"""Typed schemas of every config, and the way from a command line to one of them.

With the mains this is the only package that knows hydra and omegaconf.
"""

from objectpose.config.command import help_text, run_command
from objectpose.config.compose import config_dir, load_config
from objectpose.config.data import check_found, dataset_spec
from objectpose.config.schema import (
    COMMANDS,
    AuditConfig,
    DatasetConfig,
    EngineConfig,
    EvalConfig,
    HumansConfig,
    ModelConfig,
    ModelsConfig,
    RenderCommandConfig,
    RenderConfig,
    ReportConfig,
    VideoConfig,
)

__all__ = [
    "COMMANDS",
    "AuditConfig",
    "DatasetConfig",
    "EngineConfig",
    "EvalConfig",
    "HumansConfig",
    "ModelConfig",
    "ModelsConfig",
    "RenderCommandConfig",
    "RenderConfig",
    "ReportConfig",
    "VideoConfig",
    "check_found",
    "config_dir",
    "dataset_spec",
    "help_text",
    "load_config",
    "run_command",
]
