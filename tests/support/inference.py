"""A double of inference servers with ``/v1/videos``, in the shapes of vLLM-Omni 0.30.

It refuses form fields that the real ones do not read, which they drop without a word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final

from support.loopback import Loopback, Quiet

_VLLM_OMNI = (
    "prompt input_reference input_references control_reference control_type image_reference "
    "video_reference audio_reference model seconds size user width height num_frames fps "
    "aspect_ratio short_edge num_outputs_per_prompt start_time_seconds quality "
    "num_inference_steps guidance_scale guidance_scale_2 boundary_ratio flow_shift "
    "true_cfg_scale seed generate_sound sound_duration negative_prompt "
    "enable_frame_interpolation frame_interpolation_exp frame_interpolation_scale "
    "frame_interpolation_model_path lora extra_params return_stage_metrics source_video "
    "source_audio video_noise_mask audio_noise_mask"
)
VLLM_OMNI: Final = frozenset(_VLLM_OMNI.split())
"""Parameters of its ``_parse_video_form``."""

_SGLANG = (
    "prompt enhance_prompt input_reference reference_url video_reference video_url video_path "
    "model task_type n num_outputs_per_prompt seconds size fps num_frames width height seed "
    "generator_device negative_prompt guidance_scale guidance_scale_2 true_cfg_scale "
    "num_inference_steps max_sequence_length flow_shift enable_teacache "
    "enable_frame_interpolation frame_interpolation_exp frame_interpolation_scale "
    "frame_interpolation_model_path enable_upscaling upscaling_model_path upscaling_scale "
    "output_quality output_compression x264_preset output_path perf_dump_path extra_params "
    "extra_body"
)
SGLANG: Final = frozenset(_SGLANG.split())
"""Parameters of its ``create_video``."""


class InferenceDouble(Loopback):
    """The double.

    Attributes:
        content: the video that every job gives.
        fields: form fields that it reads.
        jobs: by id, as they are shown.
        forms: what each job was asked with; files as bytes.
        deleted: ids of jobs that were deleted.
        looks: how often a job is looked at before it is done.
        fail: why jobs fail, if they do.
        refuse: statuses with which the next jobs are refused.
        well: whether it says that it is well.
        cut: how many downloads break off.
        stuck: whether jobs go on for good.
    """

    def __init__(self, content: bytes = b"a video", fields: frozenset[str] = VLLM_OMNI) -> None:
        super().__init__(_Handler)
        self.content = content
        self.fields = fields
        self.jobs: dict[str, dict[str, Any]] = {}
        self.forms: list[dict[str, str | bytes]] = []
        self.deleted: list[str] = []
        self.looks = 2
        self.fail = ""
        self.refuse: list[int] = []
        self.well = True
        self.cut = 0
        self.stuck = False

    def add(self, status: str = "queued") -> dict[str, Any]:
        """One more job."""
        id = f"video_gen_{self.port}_{len(self.jobs)}"
        self.jobs[id] = {
            "id": id,
            "object": "video",
            "model": "wan",
            "status": status,
            "progress": 0,
            "created_at": 1722769557,
            "looks": 0,
        }
        return self.jobs[id]

    def look(self, id: str) -> tuple[int, dict[str, Any]]:
        """A job, a little further than before; a failed one has an error's status."""
        job = self.jobs.get(id)
        if job is None:
            return 404, {"detail": "Video not found"}
        job["looks"] += 1
        job |= {"status": "in_progress", "progress": 40}
        if job["looks"] > self.looks and not self.stuck:
            job |= {"status": "completed", "progress": 100, "inference_time_s": 1.5}
            if self.fail:
                job |= {"status": "failed", "error": {"code": 500, "message": self.fail}}
        return 500 if job["status"] == "failed" else 200, job


class _Handler(Quiet):
    def do_POST(self) -> None:  # noqa: N802  as the base class has it
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/videos"
        if self.double.refuse:
            self._json(self.double.refuse.pop(0), {"detail": "refused, as told"})
            return
        form = read_form(self.headers["Content-Type"], body)
        if unread := form.keys() - self.double.fields:
            self._json(400, {"detail": f"not read: {sorted(unread)}"})
        elif not form.get("prompt"):
            self._json(422, {"detail": [{"loc": ["body", "prompt"], "msg": "Field required"}]})
        else:
            self.double.forms.append(form)
            self._json(200, self.double.add())

    def do_GET(self) -> None:  # noqa: N802
        path, _, query = self.path.partition("?")
        if path == "/health":
            self._json(200 if self.double.well else 503, {"status": "healthy"})
        elif path == "/v1/videos":
            assert query == "limit=100"
            self._json(200, {"object": "list", "data": list(self.double.jobs.values())})
        elif path.endswith("/content"):
            self._content(path.split("/")[-2])
        else:
            self._json(*self.double.look(path.rpartition("/")[2]))

    def do_DELETE(self) -> None:  # noqa: N802
        id = self.path.rpartition("/")[2]
        self.double.deleted.append(id)
        self.double.jobs.pop(id, None)
        self._json(200, {"id": id, "object": "video.deleted", "deleted": True})

    def _content(self, id: str) -> None:
        if self.double.jobs.get(id, {}).get("status") != "completed":
            self._json(404, {"detail": "Generation is still in-progress"})
        elif self.double.cut:
            self.double.cut -= 1
            self.answer(200, self.double.content[:2], Content_Length=str(10**6))
            self.close_connection = True
        else:
            self.answer(200, self.double.content, Content_Type="video/mp4")

    def _json(self, status: int, body: Mapping[str, Any]) -> None:
        self.answer(status, json.dumps(body).encode(), Content_Type="application/json")

    @property
    def double(self) -> InferenceDouble:
        double: InferenceDouble = self.server.owner  # type: ignore[attr-defined]
        return double


def read_form(kind: str, body: bytes) -> dict[str, str | bytes]:
    """The fields of a multipart form: texts, and files as bytes."""
    assert kind.startswith("multipart/form-data"), "SGLang takes anything else for JSON"
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form: dict[str, str | bytes] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        assert isinstance(part, Message)
        name = part.get_param("name", header="Content-Disposition")
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        form[name] = content if part.get_filename() else content.decode()
    return form
