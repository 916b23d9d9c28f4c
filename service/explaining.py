"""A decision as a person reads it in a terminal: bits as bars that add up, what is left to others, and the replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from matching.replay import replay
from service.events import EventStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from matching.replay import Replay

#: Candidates that are drawn, and those that are named with their probability alone.
_DRAWN, _NAMED = 3, 10
#: Cells on either side of a bar's middle, and of a bar of probability.
_CELLS, _CELLS_OF_CERTAINTY = 12, 30
_UNDECIDED = {
    EventStatus.RECEIVED: "It waits to be resolved; nothing was decided yet.",
    EventStatus.RESOLVING: "It is being resolved; nothing was decided yet.",
    EventStatus.RESOLVED: "It was resolved, and no decision was kept.",
    EventStatus.IGNORED: "It was ignored: it carries nothing to resolve, such as a read receipt or our own echo.",
    EventStatus.FAILED: "Resolving it failed, and is tried again; nothing was decided yet.",
    EventStatus.DEAD: "Resolving it failed for good; it waits for a person to replay it.",
}


def explain_event(console: Console, event: Mapping[str, Any]) -> Replay | None:
    """Show an event and its decision as the API shows them; the replay, where anything was weighed."""
    print_line(
        console,
        f"event {event['id']}: {event['kind']} from {event['source']}, received {event['received_at']:%Y-%m-%d %H:%M} UTC",
    )
    decision = event["decision"]
    if decision is None:
        reason = f" ({event['error']})" if event["error"] else ""
        print_line(console, _UNDECIDED[event["status"]] + reason)
        return None
    print_line(
        console,
        f"decided: {decision['decision']}, customer {decision['customer_id']}, model {decision['model_version']}",
    )
    if "rule" in decision:
        print_line(console, f"Rule 0: {decision['sentence']}. This needs no weighing.")
    if "candidates" not in decision:
        return None
    if "rule" in decision:
        print_line(console, "What the event brought beside the sender was weighed, as a stranger's:")
    _draw_weighing(console, decision)
    return _show_replay(console, decision)


def print_line(console: Console, line: str) -> None:
    """A line as it is: what people typed is no markup."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def explanation_table(candidate: Mapping[str, Any]) -> Table:
    """The bits of a candidate as a waterfall that a person can add up: what speaks for it to the right, against it to the left."""
    why = candidate["explanation"]
    table = Table(
        title=Text(f"candidate {candidate['customer_id']} at {_percent(candidate['probability'])}"),
        title_justify="left",
    )
    for heading in ("evidence", "what was compared", "brought", "on file", "bits", "rarity", "against | for"):
        table.add_column(heading, justify="right" if heading in {"bits", "rarity"} else "left")
    rows = list(_rows(why))
    scale = max(abs(bits) for _, _, _, _, bits, _ in rows) or 1.0
    for name, label, brought, on_file, bits, rarity in rows:
        if name == "total":
            table.add_section()
        shown = f"{rarity:+.1f}" if rarity else ""
        table.add_row(
            name,
            Text(label),
            Text(brought),
            Text(on_file),
            f"{bits - rarity:+.1f}",
            shown,
            _bar(bits / scale),
        )
    return table


def _rows(why: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, float, float]]:
    """Name, label, both values, bits in all, and how many of them are for the rarity of the value."""
    yield "prior", "anyone of the base, before looking", "", "", why["prior_bits"], 0.0
    for each in why["features"]:
        bits = each["bits"] + each["tf_bits"]
        yield (
            each["feature"],
            each["label"],
            each["query_value"],
            each["candidate_value"],
            bits,
            each["tf_bits"],
        )
    yield "total", "against someone new", "", "", why["total_bits"], 0.0
    yield "competition", "what others take away", "", "", why["competition_bits"], 0.0


def _bar(share: float) -> Text:
    """A bar from the middle: `share` is from -1 to 1."""
    length = min(round(abs(share) * _CELLS), _CELLS)
    if share < 0:
        return Text.assemble(" " * (_CELLS - length), ("█" * length, "red"), "│", " " * _CELLS)
    return Text.assemble(" " * _CELLS, "│", ("█" * length, "green"), " " * (_CELLS - length))


def _draw_weighing(console: Console, decision: Mapping[str, Any]) -> None:
    candidates: Sequence[Mapping[str, Any]] = decision["candidates"]
    console.print(_posterior_table(decision))
    if not candidates:
        print_line(console, "Nobody in the base shares a value or a name with this.")
    for candidate in candidates[:_DRAWN]:
        console.print(explanation_table(candidate))
        why = candidate["explanation"]
        for veto in why["vetoes"]:
            print_line(console, f"  ruled out: {veto}")
        if why["missing"]:
            print_line(console, f"  not compared: {', '.join(why['missing'])}")
    for line in _rules(decision):
        print_line(console, line)


def _posterior_table(decision: Mapping[str, Any]) -> Table:
    """Who it may be: probabilities that add up to 1."""
    table = Table(show_header=False, box=None)
    rows = [(each["customer_id"], each["probability"]) for each in decision["candidates"][:_NAMED]]
    others = decision["candidates"][_NAMED:]
    if others:
        rows.append((f"{len(others)} more customers", sum(each["probability"] for each in others)))
    rows.append(("a relative or colleague of theirs", decision["related_probability"]))
    rows.append(("someone new", decision["new_probability"]))
    for who, probability in rows:
        table.add_row(
            who, _percent(probability), Text("█" * round(probability * _CELLS_OF_CERTAINTY), style="cyan")
        )
    return table


def _rules(decision: Mapping[str, Any]) -> Iterator[str]:
    limits = decision["thresholds"]
    yield f"Linked above {_percent(limits['link'])}, asked about above {_percent(limits['ask'])}."
    for cap in decision["caps"]:
        yield f"And a rule: {cap}."
    for note in decision["set_aside"]:
        yield f"Set aside: {note}."
    for mention in decision.get("mentions", ()):
        yield f"Somebody else's, and not used: {mention['type']} {mention['value']} ({mention['reason']})."
    if decision["counterfactual"]:
        yield f"It {decision['counterfactual']}."


def _show_replay(console: Console, decision: Mapping[str, Any]) -> Replay:
    # What a known sender brought was weighed on its own, and did not lead to the outcome.
    replayed = replay({**decision, "decision": None} if "rule" in decision else decision)
    if replayed.agrees:
        print_line(console, "Replayed from what is stored: bits, probabilities and outcome agree.")
    else:
        print_line(console, "Replayed from what is stored, and it does not agree:")
    for finding in replayed.findings:
        print_line(console, f"  {finding}")
    return replayed


def _percent(probability: float) -> str:
    """In percent; what is nearly certain is not rounded to certainty."""
    share = 100 * probability
    return f"{share:.2f} %" if 0.01 <= share <= 99.99 or probability in {0, 1} else f"{share:.6f} %"  # noqa: PLR2004
