"""Random rules and answers for tests: every legal source × transfer, modifiers drawn, figures that invite mistakes."""

from tests.core.rules.drawing_answers import Block as Block
from tests.core.rules.drawing_answers import block as block
from tests.core.rules.drawing_answers import case as case
from tests.core.rules.drawing_rules import ATTRIBUTES as ATTRIBUTES
from tests.core.rules.drawing_rules import LEGAL as LEGAL
from tests.core.rules.drawing_rules import MAXIMA as MAXIMA
from tests.core.rules.drawing_rules import MEASURED as MEASURED
from tests.core.rules.drawing_rules import PARENTS as PARENTS
from tests.core.rules.drawing_rules import moved as moved
from tests.core.rules.drawing_rules import questionnaire as questionnaire
from tests.core.rules.drawing_rules import rule as rule
