/// Why a source says nothing of the modem: one sentence.
package struct ModemError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// There is no such source here: no bus, no service, no port.
        case absent
        /// It is there and did not answer, or not as it should.
        case failed
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
