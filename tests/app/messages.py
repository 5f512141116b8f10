"""Whether a message keeps to its contract; what a text holds as JSON is looked into as well."""

from __future__ import annotations

import json
from typing import Any

import typeguard
from streamlit.testing.v1 import AppTest

from convexviz.app.contracts import (
    BadgeMessage,
    BoardMessage,
    ChartMessage,
    DualMessage,
    ExporterMessage,
    FilmMessage,
    FollowerMessage,
    GalleryMessage,
    GuideMessage,
    JsonOf,
    KeeperMessage,
    MakingMessage,
    PathMessage,
    PreviewMessage,
    SliderMessage,
    TakeawayMessage,
    TalkListMessage,
    TalkMessage,
)

CONTRACTS: dict[str, Any] = {
    "convexviz_badge": BadgeMessage,
    "convexviz_board": BoardMessage,
    "convexviz_chart": ChartMessage,
    "convexviz_dual": DualMessage,
    "convexviz_exporter": ExporterMessage,
    "convexviz_film": FilmMessage,
    "convexviz_follower": FollowerMessage,
    "convexviz_gallery": GalleryMessage,
    "convexviz_guide": GuideMessage,
    "convexviz_keeper": KeeperMessage,
    "convexviz_making": MakingMessage,
    "convexviz_path": PathMessage,
    "convexviz_preview": PreviewMessage,
    "convexviz_scrubber": SliderMessage,
    "convexviz_takeaway": TakeawayMessage,
    "convexviz_talk": TalkMessage,
    "convexviz_talk_list": TalkListMessage,
}


def components(at: AppTest) -> list[Any]:
    """The components on a page, without guide, keeper, takeaway and talk, which every lesson has."""
    common = {"convexviz_guide", "convexviz_keeper", "convexviz_takeaway", "convexviz_talk"}
    return [block for block in at.get("bidi_component") if block.proto.component_name not in common]


def fault(message: object, contract: Any) -> str:
    """What is wrong with the message, or nothing."""
    try:
        typeguard.check_type(message, contract, collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS)
    except typeguard.TypeCheckError as error:
        return str(error)
    return ""


def _text(value: object, origin: Any, args: tuple[Any, ...], memo: typeguard.TypeCheckMemo) -> None:
    """A text that is JSON: of what it holds, its type is the last of `args`."""
    typeguard.check_type_internal(value, str, memo)
    typeguard.check_type_internal(json.loads(str(value)), args[-1], memo)


def _lookup(origin: Any, args: tuple[Any, ...], extras: tuple[Any, ...]) -> typeguard.TypeCheckerCallable | None:
    held = [extra.holds for extra in extras if isinstance(extra, JsonOf)]
    if not held:
        return None
    return lambda value, origin, args, memo: _text(value, origin, (held[0],), memo)


typeguard.checker_lookup_functions.insert(0, _lookup)
