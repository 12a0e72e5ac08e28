"""The settings as an operator may see them: no secret, not even a part of one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pydantic import SecretStr

from kirin.http.admin.settings_models import SettingJson
from kirin.settings import PREFIX, Settings

HIDDEN = "********"

CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
"""What stands between the scheme and the host of a URL; nobody should put it there."""


def shown(settings: Settings) -> list[SettingJson]:
    """All settings by name."""
    found = []
    for name, field in sorted(Settings.model_fields.items()):
        value = getattr(settings, name)
        default = field.get_default(call_default_factory=True, validated_data={})
        found.append(
            SettingJson(
                name=f"{PREFIX}{name.upper()}",
                value=as_text(value),
                secret="SecretStr" in str(field.annotation),
                changed=value != default,
                description=field.description or "",
            )
        )
    return found


def as_text(value: object) -> str | None:
    """A value as it would be set, without what is secret in it.

    >>> as_text("s3://name:word@bucket/videos?endpoint=http://minio:9000&secret_key=x")
    's3://********@bucket/videos?********'
    >>> as_text(True), as_text(None), as_text("")
    ('true', None, None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, bool):
        return str(value).lower()
    text = CREDENTIALS.sub(f"{HIDDEN}@", str(value))
    if "://" in text and (query := urlsplit(text).query):
        # Some stores take their keys there.
        text = text.replace(query, HIDDEN)
    return text
