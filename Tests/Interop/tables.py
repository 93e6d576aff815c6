# SPDX-License-Identifier: Apache-2.0
"""The tables of expected verdicts, and what is held against them.

A table is text. A line that begins with "==" names a part. A case is a line of columns: its name, a
verdict for each judge, and the topics that give the reason where judges differ from the first of
them; the indented lines after it say what the case is. The last part, "== Reasons", gives each
topic a line with the judges that it speaks for, and its sentences in the indented lines after it.
"""

from dataclasses import dataclass, field
from pathlib import Path

NOT_ASKED = "-"


class TableError(Exception):
    """A table that does not hold together."""


@dataclass
class Row:
    name: str
    part: str
    verdicts: dict[str, str]
    topics: list[str]
    what: str = ""

    def differing(self) -> dict[str, str]:
        """The judges that were asked and do not say what the first of them says."""
        first = next(iter(self.verdicts.values()))
        return {j: v for j, v in self.verdicts.items() if v not in (first, NOT_ASKED)}


@dataclass
class Topic:
    name: str
    judges: list[str]
    reason: str = ""


@dataclass
class Table:
    path: Path
    judges: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Table":
        table = cls(path)
        part = ""
        last: Row | Topic | None = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if line.startswith("=="):
                part, last = line.removeprefix("==").strip(), None
            elif line.startswith(" "):
                if last is None:
                    raise TableError(f"{path.name}, line {number}: it belongs to no case")
                table._describe(last, " ".join(words))
            elif words[0] == "case":
                table.judges = words[1:]
            elif part == "Reasons":
                last = Topic(words[0].removesuffix(":"), words[1:])
                table._add(table.topics, last, number)
            else:
                verdicts = words[1 : len(table.judges) + 1]
                if len(verdicts) != len(table.judges):
                    raise TableError(f"{path.name}, line {number}: a judge's verdict is missing")
                topics = words[len(table.judges) + 1 :]
                last = Row(words[0], part, dict(zip(table.judges, verdicts)), topics)
                table._add(table.rows, last, number)
        return table

    @staticmethod
    def _describe(last: Row | Topic, text: str) -> None:
        if isinstance(last, Row):
            last.what = f"{last.what} {text}".strip()
        else:
            last.reason = f"{last.reason} {text}".strip()

    def _add(self, items: dict, item: Row | Topic, number: int) -> None:
        if item.name in items:
            raise TableError(f"{self.path.name}, line {number}: {item.name} is there twice")
        items[item.name] = item

    def faults(self, cases: set[str]) -> list[str]:
        """What does not hold together: cases, descriptions, differences and their reasons."""
        faults = [f"{name}: the table lacks it" for name in sorted(cases - set(self.rows))]
        faults += [f"{name}: there is no such case" for name in sorted(set(self.rows) - cases)]
        spoken: dict[str, set[str]] = {name: set() for name in self.topics}
        for row in self.rows.values():
            if not row.what:
                faults.append(f"{row.name}: nothing says what it is")
            unknown = [name for name in row.topics if name not in self.topics]
            faults += [f"{row.name}: there is no reason {name}" for name in unknown]
            topics = [self.topics[name] for name in row.topics if name in self.topics]
            for judge in row.differing():
                speaking = [topic for topic in topics if judge in topic.judges]
                if not speaking:
                    faults.append(f"{row.name}: nothing says why {judge} differs")
                for topic in speaking:
                    spoken[topic.name].add(judge)
            for topic in topics:
                if not set(topic.judges) & set(row.differing()):
                    faults.append(f"{row.name}: no judge differs for the reason {topic.name}")
        for topic in self.topics.values():
            idle = [judge for judge in topic.judges if judge not in spoken[topic.name]]
            faults += [f"reason {topic.name}: {judge} never differs for it" for judge in idle]
            if not topic.reason:
                faults.append(f"reason {topic.name}: it is not given")
        return faults

    def surprises(self, measured: dict[str, dict[str, tuple[str, str]]]) -> list[str]:
        """The verdicts that are not the expected ones, with what the judge said."""
        lines = []
        for name, row in self.rows.items():
            for judge, expected in row.verdicts.items():
                found, detail = measured[name].get(judge, (NOT_ASKED, ""))
                if found != expected:
                    lines.append(f"{name}: {judge} says {found}, expected was {expected}; {detail}")
        return lines

    def rewritten(self, measured: dict[str, dict[str, tuple[str, str]]]) -> str:
        """The table's text with the measured verdicts, for whoever looked at each difference."""
        lines = []
        part = ""
        for line in self.path.read_text().splitlines():
            if line.startswith("=="):
                part = line
            name, *_ = line.split() or [""]
            row = self.rows.get(name)
            if row and not line.startswith(" ") and part != "== Reasons":
                verdicts = [measured[name].get(judge, (NOT_ASKED, ""))[0] for judge in self.judges]
                line = columns(name, verdicts, row.topics, self.widths(measured))
            elif name == "case":
                line = columns(name, self.judges, [], self.widths(measured))
            lines.append(line)
        return "\n".join(lines) + "\n"

    def widths(self, measured: dict[str, dict[str, tuple[str, str]]]) -> list[int]:
        """How wide each column has to be."""
        names = max(len(name) for name in self.rows)
        return [names] + [
            max(len(judge), *(len(measured[name].get(judge, ("",))[0]) for name in self.rows))
            for judge in self.judges
        ]


def columns(name: str, verdicts: list[str], topics: list[str], widths: list[int]) -> str:
    """A case as a line of the table."""
    cells = [cell.ljust(width) for cell, width in zip([name, *verdicts], widths)]
    return "  ".join([*cells, " ".join(topics)]).rstrip()
