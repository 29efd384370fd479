/// Why a message is not taken.
package struct MailError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Nobody, or more than one person, says to have written it.
        case from
        /// The header is longer than any that is written by honest software.
        case headerTooLarge = "header_too_large"
    }

    package let code: Code

    package init(code: Code) { self.code = code }

    package var description: String {
        switch code {
        case .from:
            "The message does not name one sender: its From field has no readable address, or several and no Sender. Write it again from a mailbox."
        case .headerTooLarge:
            "The message's header has more than \(Message.mostFields) fields or \(Message.mostHeaderBytes / 1024) KiB. Send it again without them."
        }
    }
}
