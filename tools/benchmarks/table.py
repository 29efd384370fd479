"""The result: lines with ours, the peer's, the ratio, the threshold and a verdict."""

import json
import pathlib

THRESHOLDS = json.loads((pathlib.Path(__file__).parent / "thresholds.json").read_text())


def number(value):
    if value is None:
        return "-"
    if not isinstance(value, (int, float)):
        return str(value)
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def met(rule, ours, ratio):
    """Whether every bound of a threshold holds; a bound on what was not measured does not."""
    checks = {
        "ratio_min": lambda bound: ratio is not None and ratio >= bound,
        "ratio_max": lambda bound: ratio is not None and ratio <= bound,
        "ours_max": lambda bound: ours is not None and ours <= bound,
        "ours_min": lambda bound: ours is not None and ours >= bound,
    }
    return all(checks[name](bound) for name, bound in rule.items())


def rule_text(rule):
    words = {"ratio_min": "ratio ≥ {}", "ratio_max": "ratio ≤ {}", "ours_max": "ours ≤ {}", "ours_min": "ours ≥ {}"}
    return ", ".join(words[name].format(number(bound)) for name, bound in rule.items())


def lines(row, ours, peer, peers_only):
    """One line for each of the row's figures. A figure without a threshold is there to be read."""
    result = []
    for key, what in row.FIGURES.items():
        mine, theirs = ours.get(key), peer.get(key)
        ratio = mine / theirs if mine is not None and theirs else None
        rule = THRESHOLDS.get(f"{row.NAME}.{key}")
        verdict = "" if rule is None or peers_only else "ok" if met(rule, mine, ratio) else "MISSED"
        result.append({
            "row": row.NAME, "figure": key, "what": what, "ours": mine, "peer": theirs, "peer_name": row.PEER,
            "ratio": ratio, "threshold": rule_text(rule) if rule else "", "verdict": verdict,
        })
    return result


def failed(row, problem):
    return {"row": row.NAME, "figure": "", "what": str(problem).splitlines()[0][:70] if str(problem) else type(problem).__name__,
            "ours": None, "peer": None, "peer_name": row.PEER, "ratio": None, "threshold": "", "verdict": "FAILED"}


def text(rows, about):
    head = ["row", "what", "ours", "peer", "ratio", "threshold", ""]
    cells = [[r["row"], r["what"], number(r["ours"]), number(r["peer"]), "-" if r["ratio"] is None else f"{r['ratio']:.2f}",
              r["threshold"], r["verdict"]] for r in rows]
    widths = [max(len(line[i]) for line in [head] + cells) for i in range(len(head))]
    right = {2, 3, 4}

    def put(line):
        return "  ".join(c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip()

    peers = dict((r["row"], r["peer_name"]) for r in rows)
    out = [put(head), put(["-" * w for w in widths])] + [put(line) for line in cells]
    out += ["", "peers: " + "; ".join(f"{row}: {name}" for row, name in peers.items())]
    out += ["", "machine: " + ", ".join(f"{key} {value}" for key, value in about.items())]
    return "\n".join(out)
