import BackOffice
import Platform
import Store
import Wire

/// Requests for a person's eyes.
enum RequestLines {
    private static var now: Timestamp { Timestamp(unixMilliseconds: WallClock.now()) }

    private static func time(_ moment: Timestamp, _ now: Timestamp) -> String {
        LocalTime.text(moment.unixMilliseconds, now: now.unixMilliseconds)
    }

    // MARK: After a step

    /// What has happened, and whose turn it is now.
    static func after(_ request: RequestBody) -> [String] {
        let now = now
        return ["\(request.ticket): \(request.entries?.last?.text ?? "done.")", turn(request, now)]
    }

    private static func turn(_ request: RequestBody, _ now: Timestamp) -> String {
        let steps = RequestNext.steps(of: request, now: now).filter(\.isMain)
        let others = steps.dropFirst().map(\.word)
        let command = steps.first.map { $0.command + (others.isEmpty ? "" : ", or " + others.joined(separator: ", or ")) }
        guard request.step != .closed else {
            return "It has ended: \(request.outcome.map(RequestWords.shown) ?? "closed")." + (command.map { " To undo it: \($0)" } ?? "")
        }
        let line = "Now at \(RequestWords.shown(request.step)): \(RequestWords.title(request.waiting_for)) is next\(due(request, now))."
        // The terminal answers in its own time.
        let isAsked = request.step == .visit && request.entries?.last?.action == RequestAction.visit.rawValue
        return line + (isAsked ? " In a minute: vendlock-server request show \(request.ticket)" : command.map { " \($0)" } ?? "")
    }

    private static func due(_ request: RequestBody, _ now: Timestamp) -> String {
        guard let due = request.due_at else { return "" }
        return request.overdue ? ", OVERDUE since \(time(due, now))" : ", until \(time(due, now))"
    }

    // MARK: A list

    static func list(_ list: RequestListBody) -> [String] {
        let now = now
        guard !list.requests.isEmpty else { return ["no such request"] }
        let rows = list.requests.map { request in
            let standing =
                request.closed_at.map { "\(request.outcome.map(RequestWords.shown) ?? "ended") \(time($0, now))" }
                ?? "\(RequestWords.title(request.waiting_for))\(due(request, now))"
            return [
                request.ticket, RequestWords.shown(request.kind), request.account?.text ?? "no account", request.imei?.description ?? "",
                RequestWords.shown(request.step), standing + (request.has_news ? "  NEWS" : ""),
            ]
        }
        let more = list.next == nil ? [] : ["older ones are not shown: name a --kind, --step, --account or --state"]
        return Columns.aligned(rows) + more
    }

    // MARK: One request

    static func show(_ request: RequestBody) -> [String] {
        let now = now
        let round = request.round > 1 ? ", round \(request.round)" : ""
        var lines = ["\(request.ticket)  \(RequestWords.shown(request.kind)), \(RequestWords.shown(request.step))\(round)"]
        lines += Columns.aligned(facts(of: request, now).map { [$0.0, $0.1] })
        lines += answers(of: request)
        lines.append("what was done")
        lines += Columns.aligned(
            (request.entries ?? []).map { ["  " + time($0.at, now), $0.actor + ($0.role.map { " (\(RequestWords.shown($0)))" } ?? ""), $0.text] })
        let steps = RequestNext.steps(of: request, now: now)
        if !steps.isEmpty {
            lines.append("what can be done now, and by whom")
            lines += steps.flatMap { ["  " + $0.command, "      " + RequestWords.people($0.roles)] }
        }
        return lines
    }

    private static func facts(of request: RequestBody, _ now: Timestamp) -> [(String, String)] {
        var facts: [(String, String?)] = []
        if let closed = request.closed_at {
            facts.append(("ended", "\(request.outcome.map(RequestWords.shown) ?? "closed"), \(time(closed, now))"))
        } else {
            facts.append(("turn", RequestWords.title(request.waiting_for) + due(request, now)))
        }
        facts += [
            ("news", request.has_news ? "something came that nobody has acted on" : nil), ("account", request.account?.text),
            ("device", request.imei?.description), ("channel", request.channel?.text), ("asked for", request.text),
            ("came by", "\(RequestWords.title(request.source)), opened by \(request.opened_by), \(time(request.opened_at, now))"),
            ("written by", request.email.map { sender($0, request) }), ("owner sure by", request.owner_confirmation),
            ("moved to", request.new_address), ("visit", request.visit),
            ("evidence", request.number_change.flatMap { id in request.account.map { "\(id): vendlock-server number list \($0)" } }),
            ("terminals", request.terminals?.map { "\($0.imei) \(RequestWords.spaced($0.fate))" }.joined(separator: ", ")),
            ("access code", request.access_code), ("transaction", request.transaction),
            ("amount", request.amount_cents.map { Money.text(cents: $0) }),
            ("proposed", request.proposal.map(RequestWords.shown)), ("found", request.answer_text),
            ("reminders", request.reminders > 0 ? "\(request.reminders)" : nil),
            ("other ticket", request.help_desk_ticket), ("to ask for", request.asks.map { RequestQuestions.list($0) }),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func sender(_ address: String, _ request: RequestBody) -> String {
        let known = request.email_on_record.map { $0 ? "the address on record" : "NOT the address on record" }
        let proven = request.email_confirmed.map { $0 ? "confirmed by the mail server" : "NOT confirmed by the mail server" }
        let remarks = [known, proven].compactMap(\.self).joined(separator: ", ")
        return address + (remarks.isEmpty ? "" : " (\(remarks))")
    }

    private static func answers(of request: RequestBody) -> [String] {
        guard let answers = request.answers, !answers.isEmpty else { return [] }
        let rows = answers.map { answer in
            [
                "  " + RequestQuestions.title(answer.field), answer.agrees ? "agrees" : "DIFFERS", answer.given ?? "",
                answer.agrees ? "" : answer.stored.map { "on record: \($0)" } ?? "",
            ]
        }
        let last = request.last_channel.map { ["last channel connected: \($0.channel) by \($0.imei) at \($0.at)"] } ?? []
        return ["answers, asked by \(request.checked_by ?? "level 1")"] + Columns.aligned(rows) + last
    }

    // MARK: The kinds

    static func kinds(_ list: RequestKindListBody) -> [String] {
        list.kinds.flatMap { kind in
            [RequestWords.typed(kind.kind)] + Columns.aligned(kind.steps.filter { $0.step != .closed }.compactMap(row))
        } + ["At every step that is open: email, comment, withdraw."]
    }

    /// `nil` for a step at which this kind does nothing of its own: an enquiry may be sorted into any other.
    private static func row(_ step: RequestKindListBody.Step) -> [String]? {
        let anywhere: [RequestAction] = step.step == .awaitingEmail ? [.comment, .withdrawal] : [.comment, .withdrawal, .email]
        let moves = step.moves.filter { !anywhere.contains($0.action) }
        guard moves.contains(where: { $0.action != .email }) else { return nil }
        let days = step.due_in_s.map { $0 / 86_400 }
        let words = moves.map { move in
            let who = move.roles.isEmpty ? "by itself" : RequestWords.people(move.roles) + (move.takes_second_person ? "; another person" : "")
            return "\(RequestNext.words(move.action)?.word ?? RequestWords.shown(move.action)) (\(who))"
        }
        return [
            "  " + RequestWords.shown(step.step), "\(RequestWords.title(step.waiting_for)), \(days.map { $0 == 1 ? "1 day" : "\($0) days" } ?? "")",
            words.joined(separator: ", "),
        ]
    }
}

/// Rows with their cells under each other.
enum Columns {
    static func aligned(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().compactMap { column, cell in widths[column] == 0 ? nil : padded(cell, widths[column]) }
            return String(cells.joined(separator: "  ").trimmingSuffix(" "))
        }
    }

    /// Filled up with spaces, or cut with an ellipsis.
    static func padded(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(width - 1) + "…" : text + String(repeating: " ", count: width - text.count)
    }
}

extension String {
    func trimmingSuffix(_ character: Character) -> Substring {
        var rest = self[...]
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
