"""The same scene drawn through OpenGL by moderngl without a window (EGL), with the renderer's own formula."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from objectpose.objects.mesh import Mesh
from objectpose.rendering.scene import CAMERA_Z, HALF_HEIGHT_PER_DEPTH, SceneBatch

_VERTEX = """
#version 330
uniform mat4 place;
uniform mat3 turn;
uniform mat4 project;
in vec3 position;
in vec3 normal;
in vec2 uv;
out vec3 n;
out vec2 at;
void main() {
    n = turn * normal;
    at = uv;
    gl_Position = project * (place * vec4(position, 1.0));
}
"""
_FRAGMENT = """
#version 330
uniform sampler2D surface;
in vec3 n;
in vec2 at;
out vec4 colour;
void main() {
    float lambert = max(0.0, dot(normalize(n), normalize(vec3(0.3, 1.0, 1.0))));
    colour = vec4((0.5 + 0.6 * lambert) * texture(surface, at).rgb, 1.0);
}
"""


class ModernglPeer:
    """One off-screen buffer that shows one textured mesh; each call of ``draw`` sets a pose and reads the picture.

    Args:
        mesh: its first material's texture is used.
        size_px: height and width.
        background: RGB, 0..255.
        samples: of multisample anti-aliasing a pixel; 0 for none.
    """

    def __init__(self, mesh: Mesh, size_px: int, background: tuple[int, int, int], samples: int = 4) -> None:
        self.context = moderngl.create_context(standalone=True, backend="egl")
        self.size_px, self.samples, self.background = size_px, samples, tuple(c / 255 for c in background)
        with self.context as gl:
            self.renderer = str(gl.info["GL_RENDERER"])
            self.program = gl.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
            columns = np.column_stack([mesh.vertices, mesh.normals, mesh.uvs]).astype(np.float32)
            layout = [(gl.buffer(columns.tobytes()), "3f 3f 2f", "position", "normal", "uv")]
            self.mesh = gl.vertex_array(self.program, layout, gl.buffer(mesh.faces.astype(np.int32).tobytes()))
            picture = np.ascontiguousarray(mesh.materials[0].texture[::-1])  # OpenGL's row 0 is the lowest
            self.texture = gl.texture(picture.shape[1::-1], 3, picture.tobytes(), alignment=1)
            self.texture.build_mipmaps()
            self.texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            self.texture.repeat_x = self.texture.repeat_y = False
            size = (size_px, size_px)
            self.plain = gl.simple_framebuffer(size, 4)
            self.target = gl.simple_framebuffer(size, 4, samples) if samples else self.plain
            near, far, reach = 0.1, 1000.0, 1.0 / HALF_HEIGHT_PER_DEPTH
            project = np.array(
                [
                    [reach, 0, 0, 0],
                    [0, reach, 0, 0],
                    [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
                    [0, 0, -1, 0],
                ]
            )
            self._set("project", project)

    def _set(self, name: str, matrix: NDArray[np.float64]) -> None:
        self.program[name].write(np.ascontiguousarray(matrix.T, np.float32).tobytes())  # columns first

    def draw(self, rotation: NDArray[np.float64], translation: NDArray[np.float64], scale: float) -> NDArray[np.uint8]:
        """Return the picture of one pose, uint8 S x S x 3."""
        place = np.eye(4)
        place[:3, :3] = rotation * scale
        place[:3, 3] = translation - [0.0, 0.0, CAMERA_Z]
        with self.context as gl:
            self.target.use()
            gl.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
            self.target.clear(*self.background, 1.0)
            self._set("place", place)
            self._set("turn", rotation)
            self.texture.use(0)
            self.mesh.render()
            if self.samples:
                gl.copy_framebuffer(self.plain, self.target)
            raw = self.plain.read(components=3, alignment=1)
        return np.frombuffer(raw, np.uint8).reshape(self.size_px, self.size_px, 3)[::-1]

    def draw_all(self, batch: SceneBatch) -> NDArray[np.uint8]:
        """Return the pictures of a batch, uint8 N x S x S x 3."""
        places = zip(batch.rotations, batch.translations, batch.scales, strict=True)
        return np.stack([self.draw(r, t, float(s)) for r, t, s in places])

    def close(self) -> None:
        """Free the context."""
        self.context.release()
