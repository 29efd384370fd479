/// Keeps a server that answers every poll at once from being hammered, without slowing real changes.
///
/// A poll that was parked clears the score. One answered at once adds 10, or 1 when it brought something new; from 30 on, polls
/// are spaced, from a quarter of a second doubling to 10 s. Waiting forgives 1 for each tenth of a second. So a burst of some thirty
/// changes is followed at full speed, and up to ten a second for as long as they come.
struct Pace: Sendable {
    private(set) var score = 0
    private static let free = 30
    private static let perRepeat = 10
    private static let forgives = Duration.milliseconds(100)

    /// A poll was left parked and its answer lost: the server is not hammered either.
    mutating func lost() { score = 0 }

    /// How long to wait before the next poll.
    mutating func delay(afterAnswerIn elapsed: Duration, news: Bool) -> Duration {
        guard elapsed < Limits.quickAnswer else {
            score = 0
            return .zero
        }
        score = max(0, score - Int(elapsed / Self.forgives))
        score = min(score + (news ? 1 : Self.perRepeat), Self.free + 10 * Self.perRepeat)
        guard score > Self.free else { return .zero }
        let doublings = (score - Self.free) / Self.perRepeat
        return min(Limits.longestPace, .milliseconds(250) * (1 << doublings))
    }
}
