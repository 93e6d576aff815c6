# SPDX-License-Identifier: Apache-2.0
"""The tables as people read them: in the page about the judges, and at the end of a run."""

from tables import NOT_ASKED, Table

MARK = "<!-- {} of {}: written by Tests/Interop/run.sh --accept -->"


def written(text: str, certificates: Table, lists: Table) -> str:
    """The page with the tables between their marks as the tables are now."""
    for name, table in (("certificates", certificates), ("revocation lists", lists)):
        begin, end = MARK.format("begin", name), MARK.format("end", name)
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n\n{markdown(table)}\n{end}{tail}"
    return text


def markdown(table: Table) -> str:
    """Each part as a table, then the reasons."""
    lines = []
    part = None
    for row in table.rows.values():
        if row.part != part:
            part = row.part
            head = ["case", *table.judges, "reasons"]
            lines += [f"\n### {part}\n", cells(head), cells(["---"] * len(head))]
        differing = row.differing()
        verdicts = [f"**{v}**" if j in differing else v for j, v in row.verdicts.items()]
        lines.append(cells([f"{row.what}<br>`{row.name}`", *verdicts, ", ".join(row.topics)]))
    lines.append("\nThe reasons:\n")
    for topic in table.topics.values():
        lines.append(f"* **{topic.name}** ({', '.join(topic.judges)}): {topic.reason}")
    return "\n".join(lines).lstrip("\n")


def cells(texts: list[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def differences(*tables: Table) -> str:
    """How often each judge differs from Conclave, by reason."""
    lines = []
    for table in tables:
        lines.append(f"\nDifferences from Conclave in {table.path.name}:")
        for judge in table.judges[1:]:
            rows = [row for row in table.rows.values() if judge in row.differing()]
            # A topic that speaks for the judge; the table's own check finds where there is none.
            asked = sum(row.verdicts[judge] != NOT_ASKED for row in table.rows.values())
            topics: dict[str, int] = {}
            for row in rows:
                speaking = (name for name in row.topics if judge in table.topics[name].judges)
                name = next(speaking, "unexplained")
                topics[name] = topics.get(name, 0) + 1
            listed = ", ".join(f"{name} {count}" for name, count in topics.items())
            lines.append(f"  {judge:<13}{len(rows):4} of {asked:<4} {listed}")
    return "\n".join(lines) + "\n"
