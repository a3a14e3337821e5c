"""What else a line has written down by then: the audit log, messages, cards, webhooks, people, flows."""

from typing import Final

# Written as the calls' books are (tests.load.list_books): without the guards of the tables.
OTHER_BOOKS: Final = (
    """
    INSERT INTO audit (seq, at, action, subject, detail)
    SELECT n, CAST(:until AS timestamptz) - (200000 - n) * interval '10 seconds',
           (ARRAY['api read', 'api asked', 'capture begins', 'signed in'])[1 + n % 4],
           'call_' || lpad((n % 100000)::text, 6, '0'),
           jsonb_build_object('by', 'user_' || n % 50, 'from', '192.0.2.7', 'scope', 'calls:read')
      FROM generate_series(1, 200000) AS n
    """,
    """
    INSERT INTO messages (id, key, kind, channel, account, about, recipient, content, state, created_at)
    SELECT 'msg_' || n, 'key' || n, (ARRAY['receipt', 'link', 'code'])[1 + n % 3],
           (ARRAY['email', 'sms'])[1 + n % 2], 'acct_' || n % 20000, 'pay_' || n,
           'caller' || n % 5000 || '@example.com', '{}',
           (ARRAY['queued', 'sent', 'delivered', 'failed'])[1 + n % 4],
           CAST(:until AS timestamptz) - n * interval '40 seconds'
      FROM generate_series(1, 60000) AS n
    """,
    """
    INSERT INTO methods (id, account, gateway, token, reusable, listed, brand, last4, created_at)
    SELECT 'pm_' || n, 'acct_' || n % 20000, 'alder', 'token' || n, true, true, 'visa',
           lpad((n % 10000)::text, 4, '0'), CAST(:until AS timestamptz) - n * interval '60 seconds'
      FROM generate_series(1, 40000) AS n
    """,
    """
    INSERT INTO disputes (gateway, ref, payment, stage, amount_minor, currency, reason, opened_at)
    SELECT gateway, 'dp_' || id, id, (ARRAY['opened', 'won', 'lost'])[1 + n % 3], captured_minor, 'USD',
           'fraud', created_at
      FROM payments, LATERAL (SELECT substr(id, 5)::int AS n) AS _ WHERE state = 'captured' AND n % 20 = 1
    """,
    """
    INSERT INTO settlement_rows (gateway, batch, line, kind, ref, charge_ref, payment, gross_minor, fee_minor,
                                 currency, at, imported_at)
    SELECT 'alder', 'batch_' || n / 500, n % 500, 'charge', 'ch_' || n, 'ch_' || n, 'pay_' || n, 1000, 30,
           'USD', at, at
      FROM generate_series(1, 60000) AS n,
           LATERAL (SELECT CAST(:until AS timestamptz) - n * interval '40 seconds' AS at) AS _
    """,
    """
    INSERT INTO settlements (gateway, batch, lines, first_at, last_at, imported_at)
    SELECT gateway, batch, count(*), min(at), max(at), max(imported_at) FROM settlement_rows GROUP BY 1, 2
    """,
    """
    INSERT INTO payment_links (id, token_hash, account, amount_minor, currency, created_at, expires_at,
                               payment)
    SELECT 'link_' || n, sha256(n::text::bytea), 'acct_' || n % 20000, 1000, 'USD', at,
           at + interval '1 day', CASE WHEN n % 2 = 0 THEN 'pay_' || n END
      FROM generate_series(1, 40000) AS n,
           LATERAL (SELECT CAST(:until AS timestamptz) - n * interval '60 seconds' AS at) AS _
    """,
    """
    INSERT INTO webhook_endpoints (id, url, topics, secret, created_at)
    SELECT 'we_' || n, 'https://shop.example.com/' || n, '{*}', 'whsec_bench',
           CAST(:until AS timestamptz) - n * interval '1 hour'
      FROM generate_series(1, 200) AS n
    """,
    """
    INSERT INTO webhook_events (id, key, topic, data, at)
    SELECT 'evt_' || n, 'key' || n, 'payment.captured', '{}',
           CAST(:until AS timestamptz) - n * interval '20 seconds'
      FROM generate_series(1, 100000) AS n
    """,
    """
    INSERT INTO webhook_deliveries (id, event, endpoint, url, state, attempts, created_at)
    SELECT 'dlv_' || n, 'evt_' || n, 'we_' || 1 + n % 200, 'https://shop.example.com/' || n % 200,
           CASE WHEN n % 100 = 0 THEN 'dead' ELSE 'delivered' END, 1,
           CAST(:until AS timestamptz) - n * interval '20 seconds'
      FROM generate_series(1, 100000) AS n
    """,
    """
    INSERT INTO fraud_reviews (attempt, at, account, amount_minor, currency, brand, last4, score, reasons,
                               model, marks, standing)
    SELECT 'att_' || n, CAST(:until AS timestamptz) - n * interval '300 seconds', 'acct_' || n % 20000, 1000,
           'USD', 'visa', lpad((n % 10000)::text, 4, '0'), 0.9, '["velocity"]', 'bench', '[]',
           (ARRAY['open', 'approved', 'refused'])[1 + n % 3]
      FROM generate_series(1, 8000) AS n
    """,
    """
    INSERT INTO fraud_lists (kind, hash, allow, reason, added_by, at)
    SELECT (ARRAY['card', 'caller'])[1 + n % 2], md5(n::text), n % 5 = 0, 'bench', 'user_1',
           CAST(:until AS timestamptz) - n * interval '300 seconds'
      FROM generate_series(1, 8000) AS n
    """,
    """
    INSERT INTO users (id, email, role, created_at)
    SELECT 'user_' || n, 'person' || n || '@example.com', 'agent',
           CAST(:until AS timestamptz) - n * interval '1 hour'
      FROM generate_series(1, 1000) AS n
    """,
    """
    INSERT INTO api_keys (id, name, hash, start, scopes, made_by, created_at)
    SELECT 'key_' || n, 'program ' || n, sha256(n::text::bytea), 'tl_bench', '{calls:read}', 'user_1',
           CAST(:until AS timestamptz) - n * interval '1 hour'
      FROM generate_series(1, 1000) AS n
    """,
    """
    INSERT INTO flow_versions (flow, number, at, by, text)
    SELECT 'flow_' || n, version, CAST(:until AS timestamptz) - (200 - version) * interval '1 hour', 'user_1',
           CASE WHEN version < 200 OR n % 4 > 0 THEN repeat(E'say: Good morning.\\n', 90) END
      FROM generate_series(0, 99) AS n, generate_series(1, 200) AS version
    """,
)
