import Synchronization
import Wire

/// How often one sender is told how to write: three times in ten minutes, so that a chat is not answered line by line.
final class HintLimit: Sendable {
    private static let window = Duration.seconds(600)
    private static let allowed = 3
    private static let mostKept = 50_000
    private let given = Mutex<[String: [Timestamp]]>([:])

    func allows(_ sender: String, at now: Timestamp) -> Bool {
        given.withLock { given in
            if given.count >= Self.mostKept { given.removeAll() }
            let recent = given[sender, default: []].filter { now < $0.adding(Self.window) }
            guard recent.count < Self.allowed else { return false }
            given[sender] = recent + [now]
            return true
        }
    }
}
