/// Why a request to the server brought nothing that can be used.
package struct TransferFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Not reached, cut, or no answer in time; the text is for the log.
        case network(String)
        /// 401. `clockCorrected`: the answer's `Date` showed that our wall clock is wrong, and the next token is made with the right time.
        case unauthorized(clockCorrected: Bool)
        /// Another status that is not the one hoped for, with the problem's stable code.
        case status(Int, code: String?)
        /// The status was right and the body was not.
        case unusable(String)
        /// Somebody answered, and it is not to be taken for the server; the text is for the log.
        case distrusted(Distrust, String)
    }

    /// Why; the raw value is the `why` of the event.
    package enum Distrust: String, Sendable, CaseIterable {
        /// Its certificate is right and of another key than the enrolled ones.
        case pin = "tls_pin"
        /// Its certificate is of nobody who is trusted, or out of date.
        case certificate = "tls_certificate"
        /// Its certificate is another host's.
        case name = "tls_name"
        /// It does not speak as a vendlock server does: a network's login page.
        case notVendlock = "not_vendlock"
    }

    package var kind: Kind
    package var retryAfter: Duration?
    /// Another try soon burdens nobody: nothing was reached, or the try was given up early.
    package var isCheap: Bool

    package init(_ kind: Kind, retryAfter: Duration? = nil, isCheap: Bool = false) {
        self.kind = kind
        self.retryAfter = retryAfter
        self.isCheap = isCheap
    }
}

extension TransferFailure: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .network(let detail): detail
        case .unauthorized: "the server did not accept this terminal's credentials (401)"
        case .status(let status, let code): "the server answered \(status)" + (code.map { " \($0)" } ?? "")
        case .unusable(let detail): detail
        case .distrusted(let why, let detail): "what answers is not taken for the server (\(why.rawValue)): \(detail)"
        }
    }
}
