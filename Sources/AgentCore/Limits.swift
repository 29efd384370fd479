/// The figures the terminal goes by, each with its unit and its reason.
package enum Limits {
    /// Longest lease that is believed, whatever the server says: a day bounds what a mistyped `ttl` can do.
    package static let longestLease = Duration.seconds(24 * 3600)
    /// What a poll may take beyond its wait before it counts as lost: a slow cellular link's round trips and retransmissions.
    package static let pollSlack = Duration.seconds(15)
    /// The same where the lease runs out sooner.
    package static let shortestSlack = Duration.seconds(3)
    /// What a connection or an event report may take: TCP, TLS and one answer over a slow link.
    package static let requestTimeout = Duration.seconds(20)
    /// Seconds of a lease that must be left when a poll's answer comes: its slack, and a new connection.
    package static let renewalMargin = 20
    /// Seconds; shorter waits prove nothing about idle connections, and no network forgets them that fast.
    package static let shortestLevel = 25
    /// Polls that must have lived before a wait that was lost is tried again: some hours.
    package static let forgivingPolls = 100
    /// A poll was lost and a new connection worked within this: the connection was lost and not the network.
    package static let lostConnection = Duration.seconds(8)
    /// After silence a new try comes within this: no server was reached, so none is hammered.
    package static let eagerRetry = Duration.milliseconds(150)
    /// So long a silent network is tried eagerly, at some 60 bytes a second; afterwards with the usual backoff.
    package static let eagerFor = Duration.seconds(600)
    /// An interface that comes up tells of its address and its route one after the other.
    package static let settling = Duration.milliseconds(50)
    /// Hints of the network that are followed within `hintWindow`.
    package static let mostHints = 60
    package static let hintWindow = Duration.seconds(60)
    /// First retry within this, doubled each time.
    package static let firstBackoff = Duration.seconds(1)
    package static let longestBackoff = Duration.seconds(20)
    /// Events are not urgent: a server that keeps refusing them costs no data.
    package static let longestEventBackoff = Duration.seconds(300)
    /// Longest `Retry-After` that is followed.
    package static let longestRetryAfter = Duration.seconds(300)
    /// Between two tries to store a lock state on a disk that refuses.
    package static let storeRetry = Duration.seconds(10)
    /// A poll answered sooner than this was not parked.
    package static let quickAnswer = Duration.seconds(1)
    package static let longestPace = Duration.seconds(10)
    /// How long a position is looked for: a receiver that was off needs about half a minute under an open sky.
    package static let search = Duration.seconds(60)
    /// How long the modem is asked for its cell, by way of ModemManager or of its port.
    package static let cellSearch = Duration.seconds(40)
    /// From one search to the next without being asked.
    package static let searchInterval = Duration.seconds(24 * 3600)
    /// Shorter silences are what a cellular link does all day, and are not reported.
    package static let reportedSilence = Duration.seconds(15)
    /// An unenrolled agent looks this often whether it has been enrolled.
    package static let enrolmentLook = Duration.seconds(2)
    /// After the first wrong offline code; doubled with each further one.
    package static let firstCodeDelay = Duration.seconds(5)
    package static let longestCodeDelay = Duration.seconds(900)
    /// Events kept. Every text in one is bounded, so that this bounds the bytes as well: under 256 KiB.
    package static let spooledEvents = 512
    /// Events in one request.
    package static let eventBatch = 64
    /// Bytes of a text from the server that is kept in an event or a state.
    package static let longestCode = 64
    package static let longestMessage = 512
    /// Reasons or blocked operations that are kept from one lease.
    package static let mostCodes = 32
}
