"""What may be done with a debrief in which state: one table, asked by actions and pages alike. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.deals.enums import DebriefState as State


class Act(StrEnum):
    INVITE = "invite"
    OFFER_AGAIN = "offer_again"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    DECLINE = "decline"
    UNDO_DECLINE = "undo_decline"
    REASSIGN = "reassign"
    REPLAN = "replan"
    NEWER_GUIDE = "newer_guide"
    PAUSE = "pause"
    RESUME = "resume"
    MARK_HELD = "mark_held"
    MARK_NO_SHOW = "mark_no_show"
    SPEAK_TOO = "speak_too"
    CLOSE = "close"
    WRITE_UP = "write_up"
    REVIEW = "review"
    RELEASE = "release"
    RECALL = "recall"


class Outcome(StrEnum):
    DONE = "done"
    # Harmless if repeated: it is so already, and nothing changes.
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Rule:
    """In which states an act is done, in which it is so already, and the sentence for all others."""

    done: frozenset[State]
    otherwise: Promise
    same: frozenset[State] = frozenset()
    sentences: dict[State, Promise] = field(default_factory=dict)
    while_paused: bool = True


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


AHEAD = _states(State.PLANNED, State.INVITED, State.BOOKED, State.DECLINED)
HEARD = _states(State.HELD, State.WRITTEN_UP, State.REVIEWED, State.RELEASED)
PAUSED = _("This debrief is paused. Resume it first.")
_OVER = _("The conversation took place or the debrief is over: this can no longer be changed.")
_BOOKED_FIRST = _("A call is booked. Cancel it first, so that both are told.")

ACTS: dict[Act, Rule] = {
    Act.INVITE: Rule(
        _states(State.PLANNED, State.INVITED),
        _("The buyer has answered already, or the debrief is over: nothing is left to invite to."),
        while_paused=False,
    ),
    Act.OFFER_AGAIN: Rule(
        _states(State.INVITED, State.DECLINED),
        _("There is nothing to offer again: no call was missed, cancelled or put off."),
        while_paused=False,
    ),
    Act.BOOK: Rule(
        _states(State.INVITED),
        _("This conversation is over and cannot be booked."),
        sentences={
            State.PLANNED: _("The invitation has not gone out yet."),
            State.BOOKED: _("A call is booked already. Move it instead."),
            State.DECLINED: _("This conversation was declined. Take that back first, then choose a time."),
        },
        while_paused=False,
    ),
    Act.MOVE: Rule(_states(State.BOOKED), _("There is no booked call to move."), while_paused=False),
    Act.CANCEL: Rule(
        _states(State.BOOKED),
        _("The call took place and can no longer be cancelled."),
        same=_states(State.PLANNED, State.INVITED, State.DECLINED, State.CLOSED),
    ),
    Act.DECLINE: Rule(AHEAD, _("This conversation is over.")),
    Act.UNDO_DECLINE: Rule(
        _states(State.DECLINED),
        _("This conversation was closed meanwhile. Please write to us."),
        same=_states(State.PLANNED, State.INVITED, State.BOOKED) | HEARD,
    ),
    Act.REASSIGN: Rule(AHEAD, _("The conversation took place or the debrief is over: its interviewer stays.")),
    Act.REPLAN: Rule(AHEAD, _OVER),
    Act.NEWER_GUIDE: Rule(
        AHEAD, _("The conversation has begun or the debrief is over: it keeps the version that was asked.")
    ),
    Act.PAUSE: Rule(AHEAD, _OVER),
    Act.RESUME: Rule(AHEAD, _OVER),
    Act.MARK_HELD: Rule(AHEAD, _("This debrief was closed. It cannot be held any more."), same=HEARD),
    Act.MARK_NO_SHOW: Rule(_states(State.BOOKED), _("There is no booked call that somebody could have missed.")),
    Act.SPEAK_TOO: Rule(
        _states(State.HELD),
        _("Your answers are being read already. Please write to us if you would like to add something."),
        same=AHEAD,
        while_paused=False,
    ),
    Act.CLOSE: Rule(
        _states(State.PLANNED, State.INVITED, State.DECLINED),
        _("The conversation took place. What was said is not thrown away: write it up and release it."),
        same=_states(State.CLOSED),
        sentences={State.BOOKED: _BOOKED_FIRST},
    ),
    Act.WRITE_UP: Rule(
        _states(State.HELD),
        _("The conversation has to be held before it is written up."),
        same=_states(State.WRITTEN_UP, State.REVIEWED, State.RELEASED),
    ),
    Act.REVIEW: Rule(
        _states(State.WRITTEN_UP),
        _("The write-up has to be handed in before it is reviewed."),
        same=_states(State.REVIEWED, State.RELEASED),
    ),
    Act.RELEASE: Rule(
        _states(State.REVIEWED),
        _("The debrief has to be reviewed before it is released."),
        same=_states(State.RELEASED),
    ),
    Act.RECALL: Rule(
        _states(State.RELEASED), _("Nothing was released that could be recalled."), same=_states(State.REVIEWED)
    ),
}


def outcome_of(act: Act, state: str, *, is_paused: bool = False) -> Outcome:
    """What the act does in a state. A debrief that is paused takes no invitation, booking or move."""
    rule, here = ACTS[act], State(state)
    if here in rule.same or (here in rule.done and _is_so_already(act, is_paused)):
        return Outcome.SAME
    if here not in rule.done or (is_paused and not rule.while_paused):
        return Outcome.REFUSED
    return Outcome.DONE


def refusal_of(act: Act, state: str, *, is_paused: bool = False) -> str | None:
    """The sentence that says why not; None where the act is done or is so already."""
    if outcome_of(act, state, is_paused=is_paused) != Outcome.REFUSED:
        return None
    rule, here = ACTS[act], State(state)
    return str(PAUSED if here in rule.done else rule.sentences.get(here, rule.otherwise))


def _is_so_already(act: Act, is_paused: bool) -> bool:
    return (act == Act.PAUSE and is_paused) or (act == Act.RESUME and not is_paused)
