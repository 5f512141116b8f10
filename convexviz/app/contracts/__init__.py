"""The messages between Python and the browser: who writes one and who reads it agree on what is said here.

Messages are JSON. It has neither NaN nor infinities: in arrays and pictures they are null, in a certificate words. An
array is a list, or base64 (`TypedArray`). Figures are sent as text, which the browser compares before it draws:
`Annotated[str, JsonOf(...)]` says what the text holds.

From Python: `BoardMessage`, `BadgeMessage`, `ChartMessage`, `SliderMessage`, `PathMessage`, `FilmMessage`,
`MakingMessage`, `GalleryMessage`, `TakeawayMessage`, `ExporterMessage`, `GuideMessage`, `KeeperMessage`,
`DualMessage`, `TalkMessage`, `TalkListMessage`, `PreviewMessage`, `FollowerMessage`, one a component.
From the browser: `PointsMessage`, `PickMessage`, `BetaRequest`, `DualRequest`, `TalkRequest`, and plain numbers
and names; what comes from there is checked before it is believed.
"""

from __future__ import annotations

from convexviz.app.contracts.board import (
    Band,
    BetaRequest,
    BoardAnswer,
    BoardData,
    BoardMessage,
    BoardOptions,
    Field,
    Ghost,
    Parcel,
    Parcels,
    PickMessage,
    PointsMessage,
    RefusedPoints,
    Window,
)
from convexviz.app.contracts.certificate import (
    BadgeMessage,
    Bounds,
    Certificate,
    Family,
    Proof,
)
from convexviz.app.contracts.course import (
    DualMessage,
    DualRequest,
    GuideMessage,
    KeeperMessage,
    PreviewMessage,
    Reading,
    TalkListMessage,
    TalkMessage,
    TalkRequest,
    Way,
)
from convexviz.app.contracts.figures import (
    Card,
    ChartArguments,
    ChartMessage,
    ExporterMessage,
    GalleryMessage,
    TakeawayButton,
    TakeawayMessage,
)
from convexviz.app.contracts.film import (
    FilmFrame,
    FilmMessage,
    FilmParcel,
    FilmPayload,
    FollowerMessage,
    Frame,
    MakingMessage,
    PathMessage,
    SliderMessage,
    SliderPayload,
    SliderState,
)
from convexviz.app.contracts.networks import (
    DualVector,
    LineNetwork,
    Network,
    PlaneNetwork,
)
from convexviz.app.contracts.values import (
    Arrangement,
    JsonOf,
    Later,
    Mode,
    Real,
    Status,
)

__all__ = [
    "Arrangement",
    "BadgeMessage",
    "Band",
    "BetaRequest",
    "BoardAnswer",
    "BoardData",
    "BoardMessage",
    "BoardOptions",
    "Bounds",
    "Card",
    "Certificate",
    "ChartArguments",
    "ChartMessage",
    "DualMessage",
    "DualRequest",
    "DualVector",
    "ExporterMessage",
    "Family",
    "Field",
    "FilmFrame",
    "FilmMessage",
    "FilmParcel",
    "FilmPayload",
    "FollowerMessage",
    "Frame",
    "GalleryMessage",
    "Ghost",
    "GuideMessage",
    "JsonOf",
    "KeeperMessage",
    "Later",
    "LineNetwork",
    "MakingMessage",
    "Mode",
    "Network",
    "Parcel",
    "Parcels",
    "PathMessage",
    "PickMessage",
    "PlaneNetwork",
    "PointsMessage",
    "PreviewMessage",
    "Proof",
    "Reading",
    "Real",
    "RefusedPoints",
    "SliderMessage",
    "SliderPayload",
    "SliderState",
    "Status",
    "TakeawayButton",
    "TakeawayMessage",
    "TalkListMessage",
    "TalkMessage",
    "TalkRequest",
    "Way",
    "Window",
]
