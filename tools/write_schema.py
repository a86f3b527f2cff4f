"""Write questionnaires/questionnaire.schema.json and the list of keys in its README anew, after a key has changed."""

from pathlib import Path

from survey.core.schema import readme_with_keys, schema_text

FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"


def main() -> None:
    """Write both files; what people wrote in the README stays."""
    (FOLDER / "questionnaire.schema.json").write_text(schema_text(), encoding="utf-8")
    readme = FOLDER / "README.md"
    readme.write_text(readme_with_keys(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
