import HTTPServer
import Messaging
import Store
import Wire

/// `/healthz`, `/metrics` and `/openapi.json`: for the local network; no account data in them.
extension BackOffice {
    func operationEndpoints() -> [Endpoint] {
        let healthy = PreparedResponse(HTTPResponse(status: 200, contentType: "application/json", body: Array(#"{"status":"ok"}"#.utf8)))
        return [
            Endpoint(
                .GET, "/healthz", "Is the server up?", access: .open, answers: [.json(200, "It is.", "Health")],
                work: .inline { _, _ in .prepared(healthy) }),
            Endpoint(
                .GET, "/metrics", "Counts for Prometheus", access: .open,
                answers: [.text(200, "Text exposition format 0.0.4.", "text/plain; version=0.0.4; charset=utf-8")],
                work: .worker { _ in
                    HTTPResponse(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(try metricsText().utf8))
                }),
            Endpoint(
                .GET, "/openapi.json", "This interface as OpenAPI 3.1", access: .open, answers: [.json(200, "The document.", "OpenAPI")],
                work: .worker { _ in HTTPResponse(status: 200, contentType: "application/json", body: OpenAPIDocument.bytes(of: endpoints())) }),
        ]
    }

    private func metricsText() throws -> String {
        var text = MetricsText()
        let metrics = environment.metrics
        text.gauge("vendlock_parked_polls", "Polls that wait for a change now.", lot.count)
        text.counter("vendlock_polls_total", "Polls received.", metrics.polls.count)
        text.counter("vendlock_leases_signed_total", "Leases signed.", metrics.leasesSigned.count)
        text.family("vendlock_locks_total", "Locks placed, by what they came through.", "counter", labels: ["source"], metrics.locks.all)
        let lock = metrics.timeToLock.snapshot
        text.histogram(
            "vendlock_time_to_lock_seconds", "From a lock on disk to a terminal that enforces it.", bounds: metrics.timeToLock.bounds,
            counts: lock.counts, sum: lock.sum)
        text.family(
            "vendlock_gate_refusals_total", "Spending refused at terminals, by reason.", "counter", labels: ["reason"], metrics.gateRefusals.all)
        text.family("vendlock_problems_total", "Requests answered with an error, by code.", "counter", labels: ["code"], metrics.problems.all)
        text.counter("vendlock_password_hashes_total", "Passwords hashed at sign-in.", metrics.passwordHashes.count)
        text.family("vendlock_devices", "Devices by state.", "gauge", labels: ["state"], try devices.countByState())
        text.family(
            "vendlock_messages_total", "Messages in and out, by provider and what became of them.", "counter", labels: ["provider", "outcome"],
            metrics.messages.all)
        text.family("vendlock_alerts_total", "Failures that people are told of, by kind.", "counter", labels: ["kind"], metrics.alerts.all)
        let (webhooks, alerts) = (Provider.webhooks.rawValue, Provider.alerts.rawValue)
        let (waiting, withWebhooks) = try environment.store.read {
            (try $0.outboxSummary(besides: [webhooks, alerts]), try $0.outboxSummary(besides: [alerts]))
        }
        text.gauge("vendlock_outbox_waiting", "Messages that wait to be sent, or for a provider's answer.", waiting.open)
        let age = waiting.oldest.map { max(0, environment.now.unixSeconds - $0.unixSeconds) } ?? 0
        text.gauge("vendlock_outbox_oldest_seconds", "How long the oldest of them has waited.", Int(age))
        text.gauge("vendlock_webhooks_waiting", "Events of which other systems are still to be told.", withWebhooks.open - waiting.open)
        let commits = environment.store.commitDurations
        text.histogram(
            "vendlock_store_commit_seconds", "How long a commit took, its fsync included.", bounds: CommitDurations.bounds,
            counts: commits.counts, sum: commits.sum)
        return text.text
    }
}
