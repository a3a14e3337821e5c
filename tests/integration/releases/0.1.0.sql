--
-- PostgreSQL database dump
--

\restrict tellerline

-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: audit_chain(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.audit_chain() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    newest record;
BEGIN
    SELECT seq, hash INTO newest FROM audit ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(newest.seq, 0) + 1;
    NEW.previous := coalesce(newest.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sha256(NEW.previous || convert_to(jsonb_build_array(
        NEW.seq, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        NEW.action, NEW.subject, NEW.detail)::text, 'UTF8'));
    RETURN NEW;
END $$;


--
-- Name: audit_file(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.audit_file() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO audit (at, action, subject, detail) VALUES (NEW.at, NEW.action, NEW.subject, NEW.detail);
    DELETE FROM audit_inbox WHERE id = NEW.id;
    RETURN NULL;
END $$;


--
-- Name: facts_file(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.facts_file() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO facts (at, call, kind, body, teller, told)
    VALUES (NEW.at, NEW.call, NEW.kind, NEW.body, NEW.teller, NEW.told) ON CONFLICT DO NOTHING;
    DELETE FROM facts_inbox WHERE id = NEW.id;
    RETURN NULL;
END $$;


--
-- Name: facts_notify(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.facts_notify() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('facts', '');
    RETURN NULL;
END $$;


--
-- Name: facts_number(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.facts_number() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    SELECT coalesce(max(seq), 0) + 1 INTO NEW.seq FROM facts;
    RETURN NEW;
END $$;


--
-- Name: journal_in_turn(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.journal_in_turn() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7355002);
    RETURN NULL;
END $$;


--
-- Name: ledger_balances_guard(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ledger_balances_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'ledger_balances follows from ledger_entries: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;


--
-- Name: ledger_keep_balances(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ledger_keep_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO ledger_balances AS kept (account, currency, balance_minor)
    SELECT account, currency, sum(amount_minor) FROM added
     WHERE account LIKE 'account:%' GROUP BY account, currency ORDER BY account, currency
    ON CONFLICT (account, currency) DO UPDATE SET balance_minor = kept.balance_minor + excluded.balance_minor;
    RETURN NULL;
END $$;


--
-- Name: ledger_sums_to_zero(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ledger_sums_to_zero() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries WHERE transaction_id = NEW.transaction_id
               GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;


--
-- Name: payments_guard(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.payments_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' THEN
            RAISE EXCEPTION 'payment % begins as pending, not as %', NEW.id, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.call, NEW.account, NEW.amount_minor, NEW.currency, NEW.key, NEW.receipt, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.call, OLD.account, OLD.amount_minor, OLD.currency, OLD.key, OLD.receipt, OLD.created_at)
    THEN
        RAISE EXCEPTION 'payment % keeps its amount, account, key and receipt', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state
       AND NOT EXISTS (SELECT 1 FROM payment_moves AS m WHERE m.old = OLD.state AND m.new = NEW.state) THEN
        RAISE EXCEPTION 'payment % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;


--
-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: account_callers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_callers (
    caller text NOT NULL,
    account text NOT NULL
);


--
-- Name: TABLE account_callers; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.account_callers IS 'The telephone numbers that an account is known by.';


--
-- Name: COLUMN account_callers.caller; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.account_callers.caller IS 'E.164';


--
-- Name: accounts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts (
    id text NOT NULL,
    number text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    currency text NOT NULL,
    CONSTRAINT ck_accounts_currency_is_a_code CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ck_accounts_number_is_digits CHECK ((number ~ '^[0-9]{1,20}$'::text))
);


--
-- Name: TABLE accounts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.accounts IS 'One row a customer''s account; what it owes is its balance in the ledger.';


--
-- Name: COLUMN accounts.number; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.accounts.number IS 'what the caller keys in';


--
-- Name: COLUMN accounts.currency; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.accounts.currency IS 'ISO 4217; an account has one';


--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    seq bigint DEFAULT 0 NOT NULL,
    at timestamp with time zone NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    previous bytea DEFAULT '\x'::bytea NOT NULL,
    hash bytea DEFAULT '\x'::bytea NOT NULL
);


--
-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.audit IS 'Append-only chain: a row that was changed, removed or moved is found by `verify`.';


--
-- Name: COLUMN audit.seq; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.audit.seq IS 'given by a trigger, without gaps, in the order of commits';


--
-- Name: COLUMN audit.previous; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.audit.previous IS 'SHA-256 of the row before';


--
-- Name: COLUMN audit.hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.audit.hash IS 'SHA-256 of `previous` and this row';


--
-- Name: audit_inbox; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.audit_inbox (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL
);


--
-- Name: TABLE audit_inbox; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.audit_inbox IS 'Audit rows on their way: the commit moves them to `audit`.';


--
-- Name: audit_inbox_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.audit_inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: bills; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.bills (
    reference text NOT NULL,
    account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_bills_amount_is_positive CHECK ((amount_minor > 0))
);


--
-- Name: TABLE bills; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.bills IS 'One row an invoice that was imported.';


--
-- Name: COLUMN bills.reference; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bills.reference IS 'the invoice''s own reference';


--
-- Name: calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.calls (
    id text NOT NULL,
    number text NOT NULL,
    caller text NOT NULL,
    flow text NOT NULL,
    node text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text DEFAULT ''::text NOT NULL,
    cause text DEFAULT ''::text NOT NULL
);


--
-- Name: TABLE calls; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.calls IS 'One row a telephone call.';


--
-- Name: COLUMN calls.number; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.calls.number IS 'the line''s own number';


--
-- Name: COLUMN calls.caller; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.calls.caller IS 'E.164, or empty when withheld';


--
-- Name: COLUMN calls.node; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.calls.node IS 'the controller that held the call';


--
-- Name: facts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.facts (
    seq bigint DEFAULT 0 NOT NULL,
    at timestamp with time zone NOT NULL,
    call text,
    kind text NOT NULL,
    body jsonb NOT NULL,
    teller text NOT NULL,
    told bigint NOT NULL
);


--
-- Name: TABLE facts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.facts IS 'What happened in calls and to payments: timeline and outbox. NOTIFY facts on insert.';


--
-- Name: COLUMN facts.seq; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.facts.seq IS 'given by a trigger, without gaps, in the order of commits';


--
-- Name: COLUMN facts.teller; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.facts.teller IS 'who told it, anew at each start';


--
-- Name: COLUMN facts.told; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.facts.told IS 'its number among what that teller told';


--
-- Name: facts_inbox; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.facts_inbox (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    call text,
    kind text NOT NULL,
    body jsonb NOT NULL,
    teller text NOT NULL,
    told bigint NOT NULL
);


--
-- Name: TABLE facts_inbox; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.facts_inbox IS 'Facts on their way: the commit moves them to `facts`.';


--
-- Name: facts_inbox_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.facts_inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.facts_inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: jobs_schema; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.jobs_schema (
    step text NOT NULL
);


--
-- Name: TABLE jobs_schema; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.jobs_schema IS 'Which of procrastinate''s own schema steps this database has.';


--
-- Name: leases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.leases (
    name text NOT NULL,
    holder text NOT NULL,
    until timestamp with time zone NOT NULL,
    term bigint NOT NULL
);


--
-- Name: TABLE leases; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.leases IS 'Who may do what only one node at a time does.';


--
-- Name: COLUMN leases.term; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.leases.term IS 'grows each time that the lease changes hands';


--
-- Name: ledger_balances; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_balances (
    account text NOT NULL,
    currency text NOT NULL,
    balance_minor bigint NOT NULL
);


--
-- Name: TABLE ledger_balances; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.ledger_balances IS 'What customers owe: the sum of their ledger entries, kept by a trigger.';


--
-- Name: ledger_entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_entries (
    transaction_id bigint NOT NULL,
    line smallint NOT NULL,
    account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT ck_ledger_entries_amount_is_not_zero CHECK ((amount_minor <> 0))
);


--
-- Name: TABLE ledger_entries; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.ledger_entries IS 'The lines of a posting; they sum to zero in each currency, or the commit fails.';


--
-- Name: COLUMN ledger_entries.amount_minor; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.ledger_entries.amount_minor IS 'debit above zero, credit below';


--
-- Name: ledger_transactions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_transactions (
    id bigint NOT NULL,
    reference text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE ledger_transactions; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.ledger_transactions IS 'Double entry, append-only: one row a posting.';


--
-- Name: COLUMN ledger_transactions.reference; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.ledger_transactions.reference IS 'what was posted; never twice';


--
-- Name: ledger_transactions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.ledger_transactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ledger_transactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: payment_moves; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.payment_moves (
    old text NOT NULL,
    new text NOT NULL
);


--
-- Name: TABLE payment_moves; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.payment_moves IS 'The moves of payments.session.TRANSITIONS; written anew by each migration.';


--
-- Name: payments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.payments (
    id text NOT NULL,
    call text,
    account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    gateway text NOT NULL,
    key text NOT NULL,
    brand text NOT NULL,
    last4 text NOT NULL,
    receipt text NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_payments_amount_is_positive CHECK ((amount_minor > 0)),
    CONSTRAINT ck_payments_last4_is_short CHECK ((last4 ~ '^([0-9]{4})?$'::text))
);


--
-- Name: TABLE payments; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.payments IS 'One row an attempt to take money; at most one unsettled (pending, unknown) an account.';


--
-- Name: COLUMN payments.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.payments.key IS 'idempotency key';


--
-- Name: COLUMN payments.receipt; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.payments.receipt IS 'the code that the caller hears';


--
-- Name: COLUMN payments.ref; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.payments.ref IS 'the gateway''s id of the charge';


--
-- Data for Name: account_callers; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.account_callers (caller, account) FROM stdin;
\.


--
-- Data for Name: accounts; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.accounts (id, number, name, currency) FROM stdin;
\.


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.alembic_version (version_num) FROM stdin;
0002
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.audit (seq, at, action, subject, detail, previous, hash) FROM stdin;
1	2026-03-01 12:00:00+00	payment opened	pay_1	{"ref": "", "state": "pending", "reason": "", "account": "acct_1", "gateway": "sandbox", "currency": "USD", "amount_minor": 12550}	\\x0000000000000000000000000000000000000000000000000000000000000000	\\x1a3bbdaae65e97fda15b8021e85e24af630117a24b0637aa248a97831d800860
2	2026-03-01 12:00:00+00	payment moved	pay_1	{"ref": "ch_1", "state": "captured", "reason": "", "account": "acct_1", "gateway": "sandbox", "currency": "USD", "amount_minor": 12550}	\\x1a3bbdaae65e97fda15b8021e85e24af630117a24b0637aa248a97831d800860	\\x11f36af69462be591a7ee5a95efca5d101a84b42d1a15da3f15fb16fb9fa87be
\.


--
-- Data for Name: audit_inbox; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.audit_inbox (id, at, action, subject, detail) FROM stdin;
\.


--
-- Data for Name: bills; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.bills (reference, account, amount_minor, currency, imported_at) FROM stdin;
\.


--
-- Data for Name: calls; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.calls (id, number, caller, flow, node, started_at, ended_at, outcome, cause) FROM stdin;
call_1	+12025550100	+12025550143	pay_bill	node-1	2026-03-01 12:00:00+00	2026-03-01 12:00:00+00	paid	normal_clearing
\.


--
-- Data for Name: facts; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.facts (seq, at, call, kind, body, teller, told) FROM stdin;
1	2026-03-01 12:00:00+00	call_1	payment_moved	{"state": "pending", "detail": "", "gateway": "sandbox", "payment": "pay_1", "currency": "USD", "amount_minor": 12550}	payments 8c60bfb6903a4b8b83bb6675241858f4	1
2	2026-03-01 12:00:00+00	call_1	payment_moved	{"state": "captured", "detail": "", "gateway": "sandbox", "payment": "pay_1", "currency": "USD", "amount_minor": 12550}	payments 8c60bfb6903a4b8b83bb6675241858f4	2
\.


--
-- Data for Name: facts_inbox; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.facts_inbox (id, at, call, kind, body, teller, told) FROM stdin;
\.


--
-- Data for Name: jobs_schema; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.jobs_schema (step) FROM stdin;
\.


--
-- Data for Name: leases; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.leases (name, holder, until, term) FROM stdin;
\.


--
-- Data for Name: ledger_balances; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.ledger_balances (account, currency, balance_minor) FROM stdin;
account:acct_1	USD	0
\.


--
-- Data for Name: ledger_entries; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.ledger_entries (transaction_id, line, account, amount_minor, currency) FROM stdin;
1	1	account:acct_1	12550	USD
1	2	revenue	-12550	USD
2	1	gateway:sandbox	12550	USD
2	2	account:acct_1	-12550	USD
\.


--
-- Data for Name: ledger_transactions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.ledger_transactions (id, reference, at) FROM stdin;
1	bill:INV-1	2026-03-01 12:00:00+00
2	pay_1:captured	2026-03-01 12:00:00+00
\.


--
-- Data for Name: payment_moves; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.payment_moves (old, new) FROM stdin;
action_required	authorized
action_required	captured
action_required	declined
authorized	captured
authorized	voided
captured	disputed
captured	partially_refunded
captured	refunded
disputed	captured
disputed	refunded
partially_refunded	disputed
partially_refunded	partially_refunded
partially_refunded	refunded
pending	action_required
pending	authorized
pending	captured
pending	declined
pending	not_attempted
pending	unknown
unknown	action_required
unknown	authorized
unknown	captured
unknown	declined
unknown	not_attempted
\.


--
-- Data for Name: payments; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.payments (id, call, account, amount_minor, currency, state, gateway, key, brand, last4, receipt, ref, reason, created_at, touched_at) FROM stdin;
pay_1	call_1	acct_1	12550	USD	captured	sandbox	key-1	visa	4242	R1	ch_1		2026-03-01 12:00:00+00	2026-03-01 12:00:00+00
\.


--
-- Name: audit_inbox_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.audit_inbox_id_seq', 2, true);


--
-- Name: facts_inbox_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.facts_inbox_id_seq', 2, true);


--
-- Name: ledger_transactions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.ledger_transactions_id_seq', 2, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: account_callers pk_account_callers; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_callers
    ADD CONSTRAINT pk_account_callers PRIMARY KEY (caller, account);


--
-- Name: accounts pk_accounts; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);


--
-- Name: audit pk_audit; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (seq);


--
-- Name: audit_inbox pk_audit_inbox; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_inbox
    ADD CONSTRAINT pk_audit_inbox PRIMARY KEY (id);


--
-- Name: bills pk_bills; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bills
    ADD CONSTRAINT pk_bills PRIMARY KEY (reference);


--
-- Name: calls pk_calls; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT pk_calls PRIMARY KEY (id);


--
-- Name: facts pk_facts; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.facts
    ADD CONSTRAINT pk_facts PRIMARY KEY (seq);


--
-- Name: facts_inbox pk_facts_inbox; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.facts_inbox
    ADD CONSTRAINT pk_facts_inbox PRIMARY KEY (id);


--
-- Name: jobs_schema pk_jobs_schema; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jobs_schema
    ADD CONSTRAINT pk_jobs_schema PRIMARY KEY (step);


--
-- Name: leases pk_leases; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.leases
    ADD CONSTRAINT pk_leases PRIMARY KEY (name);


--
-- Name: ledger_balances pk_ledger_balances; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_balances
    ADD CONSTRAINT pk_ledger_balances PRIMARY KEY (account, currency);


--
-- Name: ledger_entries pk_ledger_entries; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT pk_ledger_entries PRIMARY KEY (transaction_id, line);


--
-- Name: ledger_transactions pk_ledger_transactions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_transactions
    ADD CONSTRAINT pk_ledger_transactions PRIMARY KEY (id);


--
-- Name: payment_moves pk_payment_moves; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payment_moves
    ADD CONSTRAINT pk_payment_moves PRIMARY KEY (old, new);


--
-- Name: payments pk_payments; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT pk_payments PRIMARY KEY (id);


--
-- Name: accounts uq_accounts_number; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT uq_accounts_number UNIQUE (number);


--
-- Name: ledger_transactions uq_ledger_transactions_reference; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_transactions
    ADD CONSTRAINT uq_ledger_transactions_reference UNIQUE (reference);


--
-- Name: payments uq_payments_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT uq_payments_key UNIQUE (key);


--
-- Name: ix_account_callers_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_account_callers_account ON public.account_callers USING btree (account);


--
-- Name: ix_bills_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_bills_account ON public.bills USING btree (account);


--
-- Name: ix_calls_node_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_calls_node_open ON public.calls USING btree (node) WHERE (ended_at IS NULL);


--
-- Name: ix_calls_started_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_calls_started_at ON public.calls USING btree (started_at);


--
-- Name: ix_facts_call_seq; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_facts_call_seq ON public.facts USING btree (call, seq);


--
-- Name: ix_ledger_entries_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_ledger_entries_account ON public.ledger_entries USING btree (account, currency);


--
-- Name: ix_payments_call; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_payments_call ON public.payments USING btree (call);


--
-- Name: ix_payments_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_payments_unsettled ON public.payments USING btree (touched_at) WHERE (state = ANY (ARRAY['pending'::text, 'unknown'::text]));


--
-- Name: uq_facts_teller_told; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX uq_facts_teller_told ON public.facts USING btree (teller, told);


--
-- Name: uq_payments_receipt; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX uq_payments_receipt ON public.payments USING btree (receipt) WHERE (receipt <> ''::text);


--
-- Name: uq_payments_unsettled_account; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX uq_payments_unsettled_account ON public.payments USING btree (account) WHERE (state = ANY (ARRAY['pending'::text, 'unknown'::text]));


--
-- Name: audit append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: ledger_entries append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: ledger_transactions append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transactions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payments append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON public.payments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: audit audit_chain; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_chain BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_chain();


--
-- Name: audit_inbox audit_file; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER audit_file AFTER INSERT ON public.audit_inbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.audit_file();


--
-- Name: facts_inbox facts_file; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER facts_file AFTER INSERT ON public.facts_inbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.facts_file();


--
-- Name: facts facts_notify; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER facts_notify AFTER INSERT ON public.facts FOR EACH STATEMENT EXECUTE FUNCTION public.facts_notify();


--
-- Name: facts facts_number; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER facts_number BEFORE INSERT ON public.facts FOR EACH ROW EXECUTE FUNCTION public.facts_number();


--
-- Name: audit journal_in_turn; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER journal_in_turn BEFORE INSERT ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.journal_in_turn();


--
-- Name: facts journal_in_turn; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER journal_in_turn BEFORE INSERT ON public.facts FOR EACH STATEMENT EXECUTE FUNCTION public.journal_in_turn();


--
-- Name: ledger_balances ledger_balances_guard; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ledger_balances_guard BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.ledger_balances FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_balances_guard();


--
-- Name: ledger_entries ledger_keep_balances; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ledger_keep_balances AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keep_balances();


--
-- Name: ledger_entries ledger_sums_to_zero; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER ledger_sums_to_zero AFTER INSERT ON public.ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ledger_sums_to_zero();


--
-- Name: facts never_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER never_changed BEFORE UPDATE ON public.facts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payments payments_guard; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payments_guard BEFORE INSERT OR UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.payments_guard();


--
-- Name: account_callers fk_account_callers_account; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_callers
    ADD CONSTRAINT fk_account_callers_account FOREIGN KEY (account) REFERENCES public.accounts(id);


--
-- Name: bills fk_bills_account; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bills
    ADD CONSTRAINT fk_bills_account FOREIGN KEY (account) REFERENCES public.accounts(id);


--
-- Name: ledger_entries fk_ledger_entries_transaction_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT fk_ledger_entries_transaction_id FOREIGN KEY (transaction_id) REFERENCES public.ledger_transactions(id);


--
-- PostgreSQL database dump complete
--

\unrestrict tellerline

