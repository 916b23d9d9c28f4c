"""The composition root: settings in, a running application out."""

from __future__ import annotations

import logging
import multiprocessing.util
import platform
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from service.processes import end_with_parent
from service.providers.profiles import ProfileClient
from service.runtime import Runtime, utc_now
from service.senders.console import ConsoleSender
from service.senders.smtp import SmtpSender
from service.senders.twilio import TwilioSender
from service.store.session import Database
from service.usecases import wording
from service.usecases.api_keys import keep_secret_key
from service.usecases.identify import Identifier
from service.web import consenting, demo, docs, health, people, unsubscribing, verifying, webhooks
from service.web.api import (
    accounts,
    api_keys,
    campaigns,
    contacts,
    customers,
    events,
    match,
    messages,
    own_and_blocked,
    prompts,
    review,
)
from service.web.auth import guard_api
from service.web.bodies import MAX_BODY_BYTES, BoundedBodies
from service.web.conditional import offer_etags
from service.web.problems import register_problems
from service.web.rest import Api
from service.web.webhook_docs import document_webhooks
from service.worker import InboxWorker

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.config import Settings
    from service.messages import Mail, Sender, Text

log = structlog.get_logger(__name__)


#: How long one profile may take, and how long nobody is asked after that was too long.
PROFILE_TIMEOUT_SECONDS = 3.0
PROFILE_REST_SECONDS = 5.0


class _Json(DefaultJSONProvider):
    """JSON with keys in the order in which they are documented, and times as RFC 3339 says."""

    sort_keys = False

    @staticmethod
    def default(o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else DefaultJSONProvider.default(o)


def build_runtime(settings: Settings, *, owner: str, clock: Callable[[], datetime] = utc_now) -> Runtime:
    """Open what a process needs; the database must be migrated."""
    database = Database(settings.database_url)
    secret_key = settings.secret_key
    if secret_key is None:
        with database.transaction() as session:
            secret_key = keep_secret_key(session, now=clock())
    profiles = None
    if settings.asks_for_profiles:
        profiles = ProfileClient(
            api_url=settings.instagram_api_url,
            access_token=settings.instagram_access_token,
            timeout=min(settings.instagram_profile_wait, PROFILE_TIMEOUT_SECONDS),
            rest=PROFILE_REST_SECONDS,
        )
    return Runtime(
        settings=settings,
        database=database,
        identifier=Identifier(model=settings.model, costs=settings.costs),
        secret_key=secret_key,
        profiles=profiles,
        mail=_mail_sender(settings),
        texts=_text_sender(settings),
        owner=owner,
        clock=clock,
    )


def _mail_sender(settings: Settings) -> Sender[Mail]:
    if settings.smtp_url is None or settings.mail_from is None:
        return ConsoleSender()
    return SmtpSender(url=settings.smtp_url, mail_from=settings.mail_from)


def _text_sender(settings: Settings) -> Sender[Text]:
    account, token, sender = (
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
    )
    if account is None or token is None or sender is None:
        return ConsoleSender()
    return TwilioSender(api_url=settings.twilio_api_url, account_sid=account, auth_token=token, sender=sender)


def create_app(runtime: Runtime) -> Flask:
    """The web application on a runtime."""
    app = Flask("service.web", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        API_TITLE="isthisyou",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS=Api.SPEC_OPTIONS,
    )
    app.json = _Json(app)
    # A path with an empty part is not one of ours: redirected, it would be answered in HTML.
    app.url_map.merge_slashes = False
    app.extensions["isthisyou"] = runtime
    smorest = Api(app)
    for resource in (
        customers.blueprint,
        contacts.blueprint,
        match.blueprint,
        events.blueprint,
        review.blueprint,
        messages.blueprint,
        prompts.blueprint,
        own_and_blocked.own_contacts,
        own_and_blocked.blocked_values,
        campaigns.blueprint,
        accounts.blueprint,
        api_keys.blueprint,
    ):
        smorest.register_blueprint(resource)
    for plain in (webhooks, people, verifying, consenting, unsubscribing, health, docs):
        app.register_blueprint(plain.blueprint)
    document_webhooks(smorest, app)
    if runtime.settings.demo:
        app.register_blueprint(demo.blueprint)
    register_problems(app)
    guard_api(app)
    offer_etags(app)
    _log_requests(app)
    # Whose request it is; at which address it was made, PUBLIC_URL says.
    behind_proxies = ProxyFix(app.wsgi_app, x_for=runtime.settings.trusted_proxies, x_proto=0)
    app.wsgi_app = BoundedBodies(behind_proxies)  # type: ignore[method-assign]  # Flask's own way to wrap it
    return app


def serve_app(settings: Settings, owner: str) -> Flask:
    """The application of a serving process, with its worker; it ends when the process that started it does."""
    # A killed server must not leave a process that holds its port.
    end_with_parent()
    set_up_logs(logging.INFO)
    runtime = build_runtime(settings, owner=owner)
    # Not while the first message waits.
    wording.prepare()
    worker = InboxWorker(runtime)
    worker.start()
    # What is being resolved is finished before this process ends.
    multiprocessing.util.Finalize(None, worker.stop, exitpriority=10)
    return create_app(runtime)


def process_owner(port: int) -> str:
    """A name for leases that is the same after a restart: this machine and the port that only one process can have."""
    return f"{platform.node()}:{port}"


def set_up_logs(level: int) -> None:
    """One JSON object a line on standard error: ids and codes, never what a person typed."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def _log_requests(app: Flask) -> None:
    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        # The rule, not the path: a path may hold a prompt's token.
        rule = request.url_rule.rule if request.url_rule else "unknown"
        took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        log.info("request", method=request.method, rule=rule, status=response.status_code, ms=took)
        return response
