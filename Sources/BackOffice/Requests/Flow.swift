import Messaging
import Store
import Wire

/// The steps of one kind of request: which action leads from where to where, who may do it, who is waited for and how long.
///
/// One table for what decides, for `GET /v1/request-kinds` and for what a refusal says. Pure.
package struct Flow: Sendable {
    /// One action at one step.
    package struct Move: Sendable {
        let action: RequestAction
        let from: RequestStep
        /// Where it may lead.
        let to: [RequestStep]
        let roles: [Role]
        /// Nobody approves what they opened or checked themselves.
        var takesSecondPerson = false
    }

    /// Who is waited for at a step, and what time does.
    struct Waiting: Sendable {
        let party: RequestParty
        /// From the beginning of the step, and from each reminder.
        let patience: Duration
        /// What the vendor is reminded with; absent: people are told by an alert.
        var reminder: TextKey?
        var reminders = 0
        /// After the last reminder the request ends; otherwise people are told.
        var lapses = false
    }

    let kind: RequestKind
    let title: String
    /// Where a request may begin.
    let opens: [RequestStep]
    let moves: [Move]

    /// The moves that are possible at a step.
    func moves(from step: RequestStep) -> [Move] { moves.filter { $0.from == step } + Self.everywhere(step) }

    /// Throws a problem of status 409 that names what is next.
    func move(_ action: RequestAction, from step: RequestStep, ticket: TicketNumber) throws -> Move {
        let possible = moves(from: step)
        if let move = possible.first(where: { $0.action == action }) { return move }
        guard step != .closed else { throw Problem(.stepOutOfOrder, "Request \(ticket) is closed. Open a new one.") }
        let next = possible.filter { !$0.roles.isEmpty }.map { move in
            "\(move.action.rawValue) (\(move.roles.map(\.rawValue).joined(separator: ", ")))"
        }
        throw Problem(
            .stepOutOfOrder,
            "Request \(ticket) (\(title)) stands at '\(step.rawValue)', where '\(action.rawValue)' has no place. Possible: \(next.joined(separator: "; "))."
        )
    }

    /// What can be done with any request that is open.
    private static func everywhere(_ step: RequestStep) -> [Move] {
        guard step != .closed else { return [] }
        return [
            Move(action: .email, from: step, to: [step, .level1], roles: .desk),
            Move(action: .comment, from: step, to: [step], roles: .lockers),
            Move(action: .withdrawal, from: step, to: [.closed], roles: .desk),
        ]
    }

    /// - Parameter kind: matters where the vendor is waited for.
    static func waiting(at step: RequestStep) -> Waiting {
        let day = Duration.seconds(24 * 3600)
        return switch step {
        case .sorting, .level1: Waiting(party: .callCentre, patience: day)
        case .level2: Waiting(party: .senior, patience: day)
        case .visit: Waiting(party: .fieldAgent, patience: day * 7)
        case .terminals: Waiting(party: .callCentre, patience: day * 3)
        case .found: Waiting(party: .operations, patience: day)
        case .toTry: Waiting(party: .operations, patience: day)
        case .investigation: Waiting(party: .callCentre, patience: day * 3)
        case .awaitingEmail: Waiting(party: .vendor, patience: day * 7, reminder: .requestEmailReminder, reminders: 1, lapses: true)
        case .awaitingOwner: Waiting(party: .vendor, patience: day * 7, reminder: .deviceReminder, reminders: 8)
        case .closed: Waiting(party: .nobody, patience: day)
        }
    }
}

extension Flow {
    /// All that it can stand at, in the order of `RequestStep`.
    var steps: [RequestStep] {
        let known = Set(opens + moves.flatMap { [$0.from] + $0.to })
        return RequestStep.allCases.filter(known.contains)
    }
}
