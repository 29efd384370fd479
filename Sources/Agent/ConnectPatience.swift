private import HTTPClient

/// How long a new connection may take.
///
/// A SYN that nobody hears is repeated by the kernel after 1, 3 and 7 seconds, so who waits for one connection notices a network that is
/// back only then. Short tries notice it within a second or two; a long one in between serves a link that is really that slow, and what a
/// connection took is remembered.
package struct ConnectPatience: Sendable, Equatable {
    static let longest = Duration.seconds(10)
    static let shortest = Duration.seconds(2)
    /// One of so many tries is a long one.
    static let longEach = 8

    private var quick = ConnectPatience.shortest
    /// Tries in a row in which nothing answered; the first is a long one: nothing is known then.
    private var silent = 0
    private var isKnown = false

    package init() {}

    package var timeout: Duration { !isKnown || silent % Self.longEach == Self.longEach - 1 ? Self.longest : quick }

    package mutating func note(_ result: ServerAnswers.Result) {
        switch result {
        case .success(let answer):
            silent = 0
            if let time = answer.connectTime {
                isKnown = true
                quick = min(Self.longest, max(Self.shortest, time * 4))
            }
        case .failure(let error): if error.isSilence { silent += 1 } else { silent = 0 }
        }
    }
}
