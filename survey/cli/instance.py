"""Commands on an instance: upgrading it, its agencies, filling it with demonstration data."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from survey.cli.say import inform, steps, tell
from survey.core.text import say
from survey.services.instance import Database, instance_folder, open_database


def ready_database() -> Database:
    """The instance's database with the present tables."""
    from survey.services import instance

    database = open_database(instance_folder())
    instance.upgrade(database)
    return database


def upgrade(asked: Namespace) -> None:
    """Bring the database to the present tables; a new one gets its secret, so that `doctor` finds it whole."""
    from survey.services import instance
    from survey.storage.migrations import HEAD

    folder = instance_folder()
    database = open_database(folder)
    before = instance.upgrade(database)
    database.close()
    if before is None:
        instance.secret_key(folder)
    what = "made" if before is None else "up_to_date" if before == HEAD else "upgraded"
    inform(f"cli.database_{what}", asked.language, folder=folder, before=before, now=HEAD)


def publish(asked: Namespace) -> None:
    """Publish one questionnaire, or each in a folder; a published version never changes."""
    from survey.services.load_questionnaires import load_questionnaires

    with ready_database().writing() as session:
        for one in load_questionnaires(session, asked.path):
            key = "cli.published" if one.new else "cli.published_before"
            inform(key, asked.language, id=one.id, version=one.version, title=one.title.in_language(asked.language))


def import_agencies(asked: Namespace) -> None:
    """Read a register of agencies into the instance."""
    from survey.services.import_agencies import import_agencies as take_in

    with ready_database().writing() as session:
        done = take_in(session, asked.file)
    inform("cli.agencies_imported", asked.language, added=done.added, changed=done.changed, unchanged=done.unchanged)


def demo(asked: Namespace) -> int:
    """Fill an empty instance with demonstration data."""
    database = ready_database()
    if not fill_with_demonstration(database, asked.language):
        inform("cli.demo_not_empty", asked.language, folder=instance_folder())
        return 1
    show_accounts(asked.language)
    return 0


def fill_with_demonstration(database: Database, language: str) -> bool:
    """Seed the demonstration with a bar; False where the instance is not empty."""
    from survey.services.demo import is_empty, seed_demonstration

    with database.reading() as session:
        if not is_empty(session):
            return False
    inform("cli.demo_begins", language)
    started = datetime.now().astimezone()
    with steps(say("cli.seeding", language)) as progress:
        done = seed_demonstration(database, instance_folder(), progress=progress)
    seconds = (datetime.now().astimezone() - started).total_seconds()
    inform("cli.demo_done", language, agencies=done.agencies, submissions=done.submissions, seconds=f"{seconds:.0f}")
    return True


def show_accounts(language: str) -> None:
    """Print the accounts of the demonstration, if this is one."""
    from survey.services.demo import read_demo_accounts

    accounts = read_demo_accounts(instance_folder())
    if not accounts:
        return
    inform("cli.demo_accounts", language, password=accounts[0].password)
    width = max(len(account.login) for account in accounts)
    for account in accounts:
        role = say(f"cli.role_{account.role}", language)
        tell(f"  {account.login:<{width}}  {role}" + (f" – {account.agency}" if account.agency else ""))
