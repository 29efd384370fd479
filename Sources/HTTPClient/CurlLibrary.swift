internal import CCurl

/// What concerns the library as a whole.
enum CurlLibrary {
    /// Once per process, before any other call; curl_global_init(3).
    private static let initialised: Void = require(vendlock_curl_global(), CURLOPT_URL)

    static func makeEasy() -> UnsafeMutableRawPointer {
        _ = initialised
        guard let handle = curl_easy_init() else { preconditionFailure("curl_easy_init fails only without memory") }
        return handle
    }

    static func makeMulti() -> UnsafeMutableRawPointer {
        _ = initialised
        guard let handle = curl_multi_init() else { preconditionFailure("curl_multi_init fails only without memory") }
        return handle
    }

    /// An option that the library does not have is a build against the wrong one.
    static func require(_ code: CURLcode, _ option: CURLoption) {
        precondition(code == CURLE_OK, "curl refused option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))")
    }

    static func require(_ code: CURLMcode) {
        precondition(code == CURLM_OK, "curl's multi interface was misused: \(String(cString: curl_multi_strerror(code)))")
    }

    /// Our error for curl's.
    /// - Parameters:
    ///   - reason: names hosts and addresses, never headers.
    ///   - verifyResult: an X509_V_ value.
    ///   - errno: of the last call of the system's that failed.
    ///   - isConnected: TCP was answered.
    static func error(
        _ code: CURLcode, tooLarge: Bool, reason: String, verifyResult: Int, errno: Int32, sentBytes: Int, isConnected: Bool,
        _ operation: String
    ) -> HTTPClientError {
        let ours = tooLarge ? .tooLarge : kind(of: code)
        let text = tooLarge ? "the response is larger than accepted" : reason.isEmpty ? String(cString: curl_easy_strerror(code)) : reason
        let line = String(text.map { $0.isNewline ? " " : $0 })
        let isUnsentTimeout = sentBytes == 0 && ours == .timeout
        // A refusal is an answer; so is whatever came after a byte was sent.
        let isSilence =
            (isUnsentTimeout && !isConnected) || (ours == .connect && [ENETUNREACH, EHOSTUNREACH, ENETDOWN].contains(errno))
        return HTTPClientError(
            ours, operation: operation, detail: line, native: Int32(code.rawValue), mayHaveArrived: sentBytes > 0, isSilence: isSilence,
            isSlowConnection: isUnsentTimeout && isConnected,
            distrust: ours == .tls ? distrust(code, reason, verifyResult) : nil)
    }

    /// - Source: libcurl-errors(3); of CURLE_PEER_FAILED_VERIFICATION lib/vtls/openssl.c of curl 7.88: the chain is OpenSSL's to judge and leaves
    ///   its result; the name is curl's, which leaves what it began with, X509_V_ERR_UNSPECIFIED (1), or of a resumed session X509_V_OK (0).
    private static func distrust(_ code: CURLcode, _ reason: String, _ verifyResult: Int) -> HTTPClientError.Distrust? {
        switch code {
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: .key
        case CURLE_PEER_FAILED_VERIFICATION: verifyResult <= 1 ? .name : .certificate
        case CURLE_SSL_ISSUER_ERROR: .certificate
        // OpenSSL's words (SSL_R_WRONG_VERSION_NUMBER) for a first byte that begins no TLS record; curl passes on no number.
        case CURLE_SSL_CONNECT_ERROR where reason.contains("wrong version number"): .notTLS
        default: nil
        }
    }

    /// - Source: libcurl-errors(3)
    private static func kind(of code: CURLcode) -> HTTPClientError.Code {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED:
            .tls
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: .badURL
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY: .closed
        default: .other
        }
    }
}
