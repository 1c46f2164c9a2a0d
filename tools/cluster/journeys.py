"""The journeys of people with a browser, through a cluster."""

import subprocess
import sys

from tools.cluster.cluster import Cluster
from tools.servers.site import ROOT

# Tests of the browser that leave the server alone: those of a short round, and all.
SHORT = [
    "e2e/test_first_visit.py",
    "e2e/test_accounts.py::test_a_visitor_signs_up",
    "e2e/test_profile.py::test_changing_name_date_and_photo",
    "e2e/test_follow.py::test_finding_following_and_unfollowing_a_person",
    "e2e/test_images.py::test_saving_an_image_by_its_address_with_a_preview",
    "e2e/test_images.py::test_saving_a_file_from_the_device",
    "e2e/test_images.py::test_liking_and_unliking_an_image",
]
SUBJECTS = "accounts first_visit profile follow feed notifications images own_changes"
ALL = [f"e2e/test_{subject}.py" for subject in SUBJECTS.split()]


def travel(cluster: Cluster, *, is_short: bool) -> bool:
    """Run the tests on the cluster's data, and return whether all passed."""
    environment = cluster.environment | {
        "TESTED_SITE": cluster.url,
        # The tests add the `test_` to the name of the database themselves.
        "DATABASE_URL": cluster.database.url(cluster.database_name.removeprefix("test_")),
        "DATABASE_REPLICA_URL": "",
        "COLLECTED_STATIC": str(ROOT / "var/static"),
    }
    command = [sys.executable, "-m", "pytest", "--quiet", "--no-header"]
    command += SHORT if is_short else ALL
    return not subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
