"""A double of Kling's API: paths, fields, envelope, tokens and codes as its documents show them.

It refuses fields that the documents do not list, which the real one may let pass.
"""

from __future__ import annotations

import json
import time
from typing import Any, Final

import jwt

from support.loopback import Loopback, Quiet

ACCESS: Final = "an-access-key"
SECRET: Final = "a-secret-key-of-thirty-two-letters"

NAMES: Final = {"callback_url", "external_task_id"}
VIDEO: Final = NAMES | {"model_name", "negative_prompt", "mode", "duration"}
FIELDS: Final[dict[str, dict[str, set[str]]]] = {
    "/v1/videos/text2video": {
        "takes": VIDEO
        | {"prompt", "cfg_scale", "camera_control", "aspect_ratio", "sound"}
        | {"multi_shot", "shot_type", "multi_prompt"},
        "needs": set(),  # prompt, or multi_prompt
    },
    "/v1/videos/image2video": {
        "takes": VIDEO
        | {
            "image",
            "image_tail",
            "prompt",
            "cfg_scale",
            "static_mask",
            "dynamic_masks",
            "camera_control",
            "multi_shot",
            "shot_type",
            "multi_prompt",
            "element_list",
            "voice_list",
            "sound",
        },
        "needs": set(),  # one of image and image_tail
    },
    "/v1/videos/multi-image2video": {
        "takes": VIDEO | {"image_list", "prompt", "aspect_ratio"},
        "needs": {"image_list", "prompt"},
    },
    "/v1/videos/motion-control": {
        "takes": NAMES
        | {
            "model_name",
            "prompt",
            "image_url",
            "video_url",
            "element_list",
            "keep_original_sound",
            "character_orientation",
            "mode",
        },
        "needs": {"image_url", "video_url", "character_orientation", "mode"},
    },
    "/v1/general/advanced-custom-elements": {
        "takes": NAMES
        | {
            "element_name",
            "element_description",
            "reference_type",
            "element_image_list",
            "element_video_list",
            "element_voice_id",
            "tag_list",
        },
        "needs": {"element_name", "element_description", "reference_type"},
    },
}
SUBJECT_MODEL: Final = "/v1/general/advanced-custom-elements"
DELETE: Final = "/v1/general/delete-advanced-elements"
ELEMENT_ID: Final = 829836802793406551


class KlingDouble(Loopback):
    """The double.

    Attributes:
        video: URL of the one video that it makes.
        tasks: what was asked for, by id.
        deleted: subjects that were deleted.
        refuse: codes with which the next requests for a task are answered.
        fail: why tasks fail, if they do.
        cut: how often a task is taken and the answer is not sent.
    """

    def __init__(self, video: str) -> None:
        super().__init__(_Handler)
        self.video = video
        self.tasks: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.refuse: list[int] = []
        self.fail = ""
        self.cut = 0

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take a task, or tell by code and message why not."""
        if self.refuse:
            return {"code": self.refuse.pop(0), "message": "refused, as told"}
        known = FIELDS[path]
        if unknown := body.keys() - known["takes"]:
            return {"code": 1201, "message": f"unknown: {sorted(unknown)}"}
        if missing := known["needs"] - body.keys():
            return {"code": 1201, "message": f"missing: {sorted(missing)}"}
        named = [t for t in self.tasks.values() if t["name"] == body.get("external_task_id")]
        if named and body.get("external_task_id"):
            return {"code": 1201, "message": "external_task_id is used"}
        id = str(8 * 10**17 + len(self.tasks))
        self.tasks[id] = {
            "path": path,
            "body": body,
            "name": body.get("external_task_id"),
            "looks": 0,
        }
        return {"code": 0, "message": "SUCCEED", "data": self._shown(id, "submitted")}

    def look(self, path: str, name: str) -> dict[str, Any]:
        """A task by its id or its external id."""
        found = [i for i, t in self.tasks.items() if name in {i, t["name"]} and t["path"] == path]
        if not found:
            return {"code": 1203, "message": "task not found"}
        task = self.tasks[found[0]]
        task["looks"] += 1
        if task["looks"] < 2:
            return {"code": 0, "message": "", "data": self._shown(found[0], "processing")}
        shown = self._shown(found[0], "failed" if self.fail else "succeed")
        if self.fail:
            shown["task_status_msg"] = self.fail
        elif path == SUBJECT_MODEL:
            shown["task_result"] = {"elements": [{"element_id": ELEMENT_ID, "status": "succeed"}]}
        else:
            shown["task_result"] = {"videos": [{"id": "v", "url": self.video, "duration": "5"}]}
            shown["final_unit_deduction"] = "2.5"
        return {"code": 0, "message": "SUCCEED", "data": shown}

    def _shown(self, id: str, status: str) -> dict[str, Any]:
        return {
            "task_id": id,
            "task_info": {"external_task_id": self.tasks[id]["name"]},
            "task_status": status,
            "created_at": 1722769557708,
            "updated_at": 1722769557708,
        }


class _Handler(Quiet):
    def do_POST(self) -> None:  # noqa: N802  as the base class has it
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self._let_in():
            body = json.loads(content)
            if self.path == DELETE:
                self.double.deleted.append(body["element_id"])
                self._json(200, {"code": 0, "message": "SUCCEED"})
                return
            answer = self.double.create(self.path, body)
            if self.double.cut and answer["code"] == 0:
                self.double.cut -= 1
                self.close_connection = True
                return
            self._json(200 if answer["code"] == 0 else 400, answer)

    def do_GET(self) -> None:  # noqa: N802
        if self._let_in():
            path, _, name = self.path.rpartition("/")
            answer = self.double.look(path, name)
            self._json(200 if answer["code"] == 0 else 404, answer)

    def _let_in(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ACCESS)
            assert claims.keys() == {"iss", "exp", "nbf"}
            assert 1700 < claims["exp"] - time.time() <= 1800
        except (jwt.InvalidTokenError, AssertionError):
            self._json(401, {"code": 1002, "message": "signature is invalid"})
            return False
        return True

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self.answer(status, json.dumps(body).encode(), Content_Type="application/json")

    @property
    def double(self) -> KlingDouble:
        double: KlingDouble = self.server.owner  # type: ignore[attr-defined]
        return double
