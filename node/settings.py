"""All that an operator may set, with defaults that start a line on this machine alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from core.errors import BadInput
from core.settings import load, setting
from node.money_settings import FraudSettings, LinksSettings, PaymentsSettings, RoutingSettings

FILE = Path("tellerline.toml")


@dataclass(frozen=True, slots=True)
class LineSettings:
    """The line itself."""

    name: str = setting("Tellerline", "What the line calls itself when it greets.")
    language: str = setting("en", "The language it speaks unless a number says otherwise.")
    languages: tuple[str, ...] = setting(("es",), "Further languages that a caller may go on in.")
    agents: str = setting("201", "The extension, queue or number that callers are handed over to.")
    account_check: Literal["none", "luhn", "mod97", "aba"] = setting("none", "Their check digits.")
    silence_s: float = setting(6.0, "How long the line waits for an answer, in seconds.", 2, 60)
    still_there: int = setting(1, "How often a silent caller is asked whether they are there.", 0, 5)
    max_calls: int = setting(400, "Calls at once; more are told that the line is busy.", 1, 10_000)
    max_lag_s: float = setting(
        0.1,
        "How late the process may be with its work, in seconds, before more callers are told that the line "
        "is busy.",
        0.01,
        10,
    )
    node: str = setting("node-1", "This process's name, on its calls and in its logs.")
    data: Path = setting(Path(".local/data"), "The folder for the database, prompts and recordings.")
    readable_memory: bool = setting(
        False, "Let other programs of the same user (debuggers) read the memory through which cards pass."
    )


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """The telephone switch, an Asterisk 22 or newer."""

    connect: Literal["to_asterisk", "from_asterisk"] = setting(
        "to_asterisk", "Who opens the connection: this process, or Asterisk (outbound WebSocket)."
    )
    url: str = setting("http://127.0.0.1:8088", "Where Asterisk's HTTP server listens.")
    user: str = setting("tellerline", "The ARI user (ari.conf).")
    password: str = setting("", "The ARI user's password.")
    app: str = setting("tellerline", "The Stasis application's name.")
    listen_host: str = setting("127.0.0.1", "Where this process listens for Asterisk.")
    listen_port: int = setting(
        8090, "The port that it listens on, for Asterisk's connection and for media.", 0, 65535
    )
    exchange: Path = setting(Path("exchange.yaml"), "The file with trunks, extensions and numbers.")
    recordings: Path = setting(Path("/var/spool/asterisk/recording"), "Asterisk's recording folder.")
    etc: str = setting(
        "", "The folder that Asterisk reads, for changes of numbers; empty is asterisk/etc of .local."
    )
    asterisk_conf: str = setting(
        "", "asterisk.conf of the running Asterisk, which takes such changes over; empty: it is told nothing."
    )
    log_levels: tuple[str, ...] = setting(
        ("notice", "warning", "error", "security"),
        "What Asterisk's log may take, or no card is entered; at any other level it may hold keys.",
    )


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """PostgreSQL."""

    url: str = setting(
        "", "postgresql://USER:PASSWORD@HOST/NAME; empty starts one of our own in `line.data`."
    )
    connections: int = setting(24, "Connections at once.", 2, 200)


@dataclass(frozen=True, slots=True)
class WebhooksSettings:
    """Telling other programs of what happened."""

    private: bool = setting(
        False, "Also post to this machine and to private networks; otherwise to public addresses alone."
    )
    within_s: float = setting(15.0, "How long a receiver may take to answer, in seconds.", 1, 60)


@dataclass(frozen=True, slots=True)
class MessagesSettings:
    """Mail and text messages to people: receipts, links, one-time codes."""

    email: Literal["folder", "smtp"] = setting(
        "folder", "How mail goes; `folder` writes it into `messages` in `line.data`, for trying out."
    )
    sms: Literal["folder", "smpp", "form", "json"] = setting(
        "folder",
        "How text messages go: `smpp` to a message centre, `form` and `json` to a provider over HTTP.",
    )
    receipts: bool = setting(True, "Send receipts of payments and refunds to customers with an address.")
    templates: str = setting(
        "", "The folder with your own templates; empty is `templates` in `line.data`. They go before ours."
    )
    from_email: str = setting("", "The mail address that messages come from.")
    from_sms: str = setting("", "The number, or name of up to 11 letters, that text messages come from.")
    smtp_host: str = setting("", "Your mail server.")
    smtp_port: int = setting(587, "Its port: 587 with `starttls`, 465 with `tls`.", 1, 65535)
    smtp_user: str = setting("", "The user to sign in as; empty: none.")
    smtp_password: str = setting("", "That user's password.")
    smtp_security: Literal["starttls", "tls", "none"] = setting(
        "starttls", "`tls` from the first byte; `none` for a server on this machine."
    )
    smtp_ca: str = setting("", "A file with the certificate authority to trust instead of the system's.")
    smpp_host: str = setting("", "The message centre (SMPP 3.4).")
    smpp_port: int = setting(2775, "Its port.", 1, 65535)
    smpp_user: str = setting("", "The system_id to bind with.")
    smpp_password: str = setting("", "Its password, 8 characters at most.")
    smpp_system_type: str = setting("", "The system_type, where the centre wants one.")
    smpp_tls: bool = setting(False, "Speak TLS; the centre's certificate must be one that the system trusts.")
    form_url: str = setting("", "Where the form goes, such as https://.../Accounts/ID/Messages.json.")
    form_user: str = setting("", "The account's id.")
    form_password: str = setting("", "The account's secret; it signs reports, too.")
    json_file: str = setting("", "The TOML file that describes the post (docs/howto/messages.md).")


@dataclass(frozen=True, slots=True)
class KeysSettings:
    """What seals names, telephone numbers and account numbers in the database."""

    seal: bool = setting(True, "Seal them; leave it on once something is sealed.")
    file: str = setting(
        "", "The file of master keys, the same on all nodes; empty is `master.key` in `line.data`."
    )
    pkcs11_module: str = setting("", "Keep the master key in this PKCS#11 module (a library) instead.")
    pkcs11_token: str = setting("", "The token's label.")
    pkcs11_pin: str = setting("", "The token's user PIN.")
    pkcs11_label: str = setting("tellerline", "Master keys are labelled with it and a number.")


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """HTTP for people and machines."""

    host: str = setting("127.0.0.1", "The address to listen on.")
    port: int = setting(8080, "The port to listen on.", 0, 65535)
    open_phone: str = setting(
        "", "The browser's extension with which anybody who opens the page may call the line; empty: nobody."
    )
    url: str = setting(
        "", "Where people open the page, such as https://line.example.com; empty is whatever they opened."
    )
    key: str = setting(
        "",
        "The operator's key, `Authorization: Bearer KEY`, which may do everything; empty: one is made in "
        "`line.data`, in the file api.key.",
    )
    certificate: str = setting(
        "",
        "The file with the certificate and its chain, PEM; `self-made` makes one. Empty speaks plain HTTP.",
    )
    private_key: str = setting("", "The file with the certificate's key, PEM.")
    proxies: tuple[str, ...] = setting(
        (), "Addresses of proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed."
    )
    second_factor: bool = setting(
        True, "Users without a second factor may do nothing but set one up (PCI DSS 8.4)."
    )
    per_minute: int = setting(
        6000, "Requests a minute for each key, user or address; 0 is no limit.", 0, 1_000_000
    )
    sign_ins_per_minute: int = setting(20, "Steps of signing in a minute from one address.", 1, 10_000)


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Speaking."""

    program: str = setting("", "The espeak-ng program; empty looks for it in .local and on the PATH.")
    words_per_minute: int = setting(150, "How fast it speaks.", 80, 300)
    cache_mb: int = setting(512, "How much disk the rendered prompts may take.", 16, 100_000)
    piper: tuple[str, ...] = setting(
        (), "Piper's voices among the models, one a language; they speak instead of espeak-ng."
    )
    recordings: str = setting("", "A folder with prompts that a person has spoken (docs/howto/voices.md).")


@dataclass(frozen=True, slots=True)
class HearingSettings:
    """Understanding what callers say; without a model they answer with keys."""

    models: Path = setting(Path(".local/models"), "The folder with the models of recognizers.")
    model: str = setting("", "The recognizer's model in it; empty takes the one for `line.language`.")
    intents: str = setting("", "A folder with your own phrases of intents, and models of them.")
    threads: int = setting(2, "Threads that recognize, all callers together.", 1, 64)
    second: str = setting(
        "", "The model of the second opinion (Whisper); empty takes the first `whisper` folder that is there."
    )
    second_s: float = setting(
        0.8, "How long a second opinion may delay an answer, in seconds; 0: none is asked for.", 0, 5
    )


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The log, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = setting("info", "The least that is written.")
    style: Literal["json", "console"] = setting("json", "For machines, or for eyes.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything; each field is a section of tellerline.toml."""

    line: LineSettings = field(default_factory=LineSettings)
    switch: SwitchSettings = field(default_factory=SwitchSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    payments: PaymentsSettings = field(default_factory=PaymentsSettings)
    routing: RoutingSettings = field(default_factory=RoutingSettings)
    fraud: FraudSettings = field(default_factory=FraudSettings)
    webhooks: WebhooksSettings = field(default_factory=WebhooksSettings)
    links: LinksSettings = field(default_factory=LinksSettings)
    messages: MessagesSettings = field(default_factory=MessagesSettings)
    keys: KeysSettings = field(default_factory=KeysSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    hearing: HearingSettings = field(default_factory=HearingSettings)
    log: LogSettings = field(default_factory=LogSettings)


def read(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of this process; tellerline.toml in the working folder when no file is named.

    Raises BadInput with every mistake at once.
    """
    chosen = file or (FILE if FILE.exists() else None)
    settings = load(Settings, chosen, environ)
    if settings.api.certificate not in ("", "self-made") and not settings.api.private_key:
        raise BadInput("api.certificate is set: api.private_key must be, too")
    if environ.get("STRIPE_LOG", "").lower() in ("debug", "info"):
        raise BadInput("STRIPE_LOG makes Stripe's SDK write card data to the log: unset it")
    return settings
