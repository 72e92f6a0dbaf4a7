"""The sentences a pack's [wording] must have, and the gaps each may use."""

from collections.abc import Mapping
from typing import Final

_PLAN = {"on_plan"}
_ANSWER = {"when", "target", *_PLAN}

GAPS: Final[Mapping[str, frozenset[str]]] = {
    key: frozenset(gaps)
    for key, gaps in {
        "answer_by": _ANSWER,
        "answer_same_day": _ANSWER,
        "answer_in_review": _ANSWER,
        "answer_in_range": {"outer", *_ANSWER},
        "answer_best_effort": _PLAN,
        "resolved_by": {"when"},
        "resolved_in_review": {"when"},
        "on_plan": {"plan"},
        "in_emergency": {"emergency"},
        "hotline": {"until", "hotline"},
        "zoned": {"when", "city"},
        "upgrade_one": {"channel", "by", "plans"},
        "upgrade_many": {"channel", "by", "plans"},
        "not_offered": {"channel", "by"},
        "instead": {"channel", "by"},
        "channel_closed": {"channel", "by", "when"},
        "target_elapsed": {"amount"},
        "target_below": {"amount"},
        "target_range": {"first", "amount"},
        "target_same_day": set(),
        "target_review": set(),
        "target_best_effort": set(),
        "working_hours_one": {"n"},
        "working_hours_other": {"n"},
        "working_minutes_one": {"n"},
        "working_minutes_other": {"n"},
        "business_days_one": {"n"},
        "business_days_other": {"n"},
        "clock_first_response": set(),
        "clock_next_update": set(),
        "clock_resolution": set(),
        "step_warn": {"clock", "percent"},
        "step_breach": {"clock"},
        "step_goal_missed": {"clock"},
        "step_escalate": {"clock", "tier"},
        "step_escalate_again": {"clock", "tier"},
        "step_notify": {"clock"},
        "step_page_after_hours": {"severity"},
        "step_page_always": {"severity"},
        "step_page_breached": {"clock", "severity"},
        "because_words": {"words"},
        "because_situation": {"situation", "words"},
        "because_module": {"module"},
        "because_intent": {"intent"},
        "because_signal": {"signal"},
        "because_category": {"category"},
        "because_default": set(),
    }.items()
}
