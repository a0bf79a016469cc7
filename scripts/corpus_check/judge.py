"""Judges a generated client, in a process of its own: everything of the client is imported into it.

``python -m corpus_check.judge DOCUMENT OUTPUT VERDICT`` writes a ``Verdict`` as JSON to the file VERDICT.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import attrs

from attrest import manifest, pipeline, settings
from attrest.infer import infer
from attrest.lower import lower
from corpus_check.census import Census
from corpus_check.client import Client, Ignored
from corpus_check.examples import examples
from corpus_check.facts import Verdict
from corpus_check.roundtrips import Decoders, round_trips
from corpus_check.validity import Validity


def judge(path: Path, output: Path) -> Verdict:
    """Compare a description with the client that was generated from it.

    Args:
        path: The description's root file.
        output: The folder that it was generated into.
    """
    chosen = settings.resolve(start=output, document=path, output=output)
    document = pipeline.prepare(pipeline.read(chosen, lambda _: None), chosen)
    schemas = infer(document)
    api = lower(document, schemas, chosen)
    client, census, aside = Client(output, api), Census(path), Ignored(document.entries)
    written = manifest.read(output)
    imports = tuple(client.import_failures())
    return Verdict(
        package=api.package,
        operations=client.operations(census, aside),
        schemas=client.schemas(census, aside),
        files=sum(1 for file in output.rglob("*") if file.is_file()),
        modules=len(client.modules()),
        imports=imports,
        examples=round_trips(examples(document.tree), Decoders(document.tree, api, schemas), Validity(document.tree)),
        degraded=len(written.degraded) if written else 0,
        lost=written.summary.lost if written else 0,
    )


if __name__ == "__main__":
    verdict = judge(Path(sys.argv[1]), Path(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps(attrs.asdict(verdict)))
