/// One parser of bytes from outside, and what must hold whatever comes.
///
/// `tools/fuzz` looks for inputs that break it, `CorpusTests` replays those that are kept.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// Takes one input; throws `Broken` where something does not hold. A trap, a hang and memory without bound show by themselves.
    package typealias Check = ([UInt8]) throws -> Void

    /// Also of its corpus, `tools/fuzz/corpus/NAME`.
    package let name: String
    /// Makes what the inputs are tried on, for one thread.
    package let begin: @Sendable () throws -> Check

    package var description: String { name }

    package static let all = [
        varlink, gate, jws, jwt, http, gpsd, modem, state, config, texts, bodies, webhooks, mail, csv,
    ]
}

/// What did not hold.
package struct Broken: Error, CustomStringConvertible {
    package let description: String
}

func hold(_ condition: Bool, _ what: @autoclosure () -> String) throws(Broken) {
    guard condition else { throw Broken(description: what()) }
}
