"""What all answers have in common: members are attributes, and items too."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """An answer, or a part of one.

    ``task.status`` and ``task["status"]`` are the same; an optional member that the server did not
    send is ``None`` as an attribute, and absent as an item. Members that a newer server has added
    are kept, and so are words that this version does not know.
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        return getattr(self, name)

    def __contains__(self, name: object) -> bool:
        return name in self.model_fields_set

    def get(self, name: str, default: Any = None) -> Any:
        """A member as it was sent, or the default where it was not."""
        return getattr(self, name) if name in self.model_fields_set else default

    def to_dict(self) -> dict[str, Any]:
        """The JSON object as the server sent it."""
        return self.model_dump(mode="json", exclude_unset=True, warnings=False)
