"""The page on which the API can be browsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.service.installation import Installation


def test_the_page_loads_all_it_needs_from_here(installation: Installation) -> None:
    client = installation.app.test_client()
    page = client.get("/docs")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    wanted = re.findall(r'(?:src|href|data-document)="([^"]+)"', page.text)
    assert len(wanted) >= 6
    for path in wanted:
        assert path.startswith("/"), "no outside host"
        with client.get(path) as loaded:
            assert loaded.status_code == 200, path


def test_nothing_else_is_served_beside_it(installation: Installation) -> None:
    assert installation.app.test_client().get("/docs/swagger-ui.js").status_code == 404
