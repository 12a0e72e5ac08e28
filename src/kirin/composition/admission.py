"""What admits tasks, as the settings have it."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.catalogue.registry import Catalogue
from kirin.database.engine import Database
from kirin.engines.router import Router
from kirin.media.ingest import MediaIngest
from kirin.media.local_files import LocalFiles
from kirin.orchestration.admission import Admission
from kirin.orchestration.face_sessions import FaceSessions
from kirin.orchestration.input_resolver import InputResolver
from kirin.orchestration.made_videos import MadeVideos
from kirin.orchestration.moderation import Moderation
from kirin.orchestration.request_validation import RequestValidator
from kirin.orchestration.reuse import Reuse
from kirin.orchestration.transitions import Transitions
from kirin.orchestration.uploads import Uploads
from kirin.settings import Settings
from kirin.storage.links import Links
from kirin.storage.reference_aware import ReferenceAwareStorage
from kirin.subjects.library import Library


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmissionRooms:
    """What admission looks into."""

    catalogue: Catalogue
    database: Database
    storage: ReferenceAwareStorage
    links: Links
    ingest: MediaIngest
    local: LocalFiles
    uploads: Uploads
    library: Library
    router: Router
    transitions: Transitions
    moderation: Moderation


def open_admission(settings: Settings, rooms: AdmissionRooms) -> Admission:
    """Build it."""
    database, storage, ingest = rooms.database, rooms.storage, rooms.ingest
    made = MadeVideos(database, storage, ingest)
    free = settings.reuse_cost == "free"
    return Admission(
        catalogue=rooms.catalogue,
        validator=RequestValidator(
            ingest,
            InputResolver(ingest, storage, rooms.links, rooms.uploads.known, made, rooms.local),
            rooms.library,
            FaceSessions(database, rooms.catalogue),
            rooms.router,
        ),
        billing=rooms.transitions.billing,
        transitions=rooms.transitions,
        moderation=rooms.moderation,
        reuse=Reuse(database, storage, rooms.router, settings.reuse, free=free),
    )
