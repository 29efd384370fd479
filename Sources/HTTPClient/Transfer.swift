internal import CCurl
private import Platform

/// One request under way: owns its easy handle, and is the context of its callbacks for as long as the handle lives.
final class Transfer {
    /// Bytes in one packet, of either side: what fits the 1280 that every way must carry, less the headers of IPv6 and TCP. Many networks of
    /// mobile operators carry no more, and some of them tell nobody: a larger packet would vanish again and again.
    /// - Source: RFC 8200 section 5, RFC 2923 section 2.1
    private static let largestSegment = 1220

    let id: TransferID
    let handle: UnsafeMutableRawPointer
    private let request: HTTPClientRequest
    private var collector: ResponseCollector
    private var serverKey: [UInt8]?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// curl writes the reason here at any time until the handle goes.
    /// - Source: CURLOPT_ERRORBUFFER(3)
    private let reason: UnsafeMutablePointer<CChar>

    init(
        _ request: HTTPClientRequest, id: TransferID, options: HTTPClientOptions, share: UnsafeMutableRawPointer?
    ) throws(HTTPClientError) {
        try request.checkSendable()
        self.request = request
        self.id = id
        collector = ResponseCollector(limit: request.responseLimit)
        handle = CurlLibrary.makeEasy()
        reason = .allocate(capacity: Int(CURL_ERROR_SIZE))
        reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        headerList = request.makeHeaderList()
        setConnection(options, share)
        setRequest()
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        reason.deallocate()
    }

    /// What came of it, once curl has said that it is done.
    func result(_ code: CURLcode) -> Result<HTTPClientResponse, HTTPClientError> {
        var connects = 0
        var microseconds = 0
        vendlock_curl_connects(handle, &connects, &microseconds)
        guard code == CURLE_OK, !collector.overflowed else {
            var sent = 0
            vendlock_curl_request_size(handle, &sent)
            var verifyResult = 0
            vendlock_curl_verify_result(handle, &verifyResult)
            var errno = 0
            vendlock_curl_errno(handle, &errno)
            return .failure(
                CurlLibrary.error(
                    code, tooLarge: collector.overflowed, reason: String(cString: reason), verifyResult: verifyResult, errno: Int32(errno),
                    sentBytes: sent, isConnected: connects > 0, request.summary))
        }
        var status = 0
        vendlock_curl_status(handle, &status)
        return .success(
            HTTPClientResponse(
                status: status, headers: collector.headers, body: collector.body, roundTrip: connects > 0 ? .microseconds(microseconds) : nil,
                serverKey: serverKey))
    }

    private func setConnection(_ options: HTTPClientOptions, _ share: UnsafeMutableRawPointer?) {
        set(CURLOPT_NOSIGNAL, 1)  // Signals are for one thread; CURLOPT_NOSIGNAL(3).
        // A transfer that ends while a name is looked up would wait for the look-up, and the loop with it; CURLOPT_QUICK_EXIT(3).
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROXY, "")  // Whatever the environment says.
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_SSL_ENABLE_ALPN, 0)  // One protocol only: nothing to negotiate.
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_BUFFERSIZE, 4096)  // Bytes; the default of 16 KiB is for downloads.
        set(CURLOPT_TCP_NODELAY, 1)
        CurlLibrary.require(vendlock_curl_limit_segments(handle, Self.largestSegment), CURLOPT_SOCKOPTFUNCTION)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout ?? options.connectTimeout))
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout))
        if let keepAlive = options.keepAlive {
            set(CURLOPT_TCP_KEEPALIVE, 1)
            set(CURLOPT_TCP_KEEPIDLE, Int(max(1, keepAlive.components.seconds)))
            set(CURLOPT_TCP_KEEPINTVL, Int(max(1, keepAlive.components.seconds)))
        }
        if let caFile = options.caFile {
            set(CURLOPT_CAINFO, caFile)
            vendlock_curl_set_pointer(handle, CURLOPT_CAPATH, nil)
        }
        if !options.pinnedKeys.isEmpty { set(CURLOPT_PINNEDPUBLICKEY, options.pinnedKeys.joined(separator: ";")) }
        if !options.checksDates { CurlLibrary.require(vendlock_curl_overlook_dates(handle), CURLOPT_SSL_CTX_FUNCTION) }
        if let share { vendlock_curl_set_pointer(handle, CURLOPT_SHARE, share) }
    }

    private func setRequest() {
        set(CURLOPT_URL, request.url)
        if let limit = request.idleLimit { set(CURLOPT_MAXAGE_CONN, Int(max(1, limit.components.seconds))) }
        if !request.mayBeRepeated { set(CURLOPT_FRESH_CONNECT, 1) }
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if let body = request.body ?? (["POST", "PUT", "PATCH"].contains(request.method) ? [] : nil) {
            vendlock_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, Int(body.count))
            body.withUnsafeBytes { bytes in
                // It copies the bytes now. Null would mean "read them from a callback".
                withUnsafePointer(to: 0 as CChar) { empty in
                    let start = bytes.baseAddress ?? UnsafeRawPointer(empty)
                    vendlock_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, start.assumingMemoryBound(to: CChar.self))
                }
            }
        }
        if request.method != "GET", request.method != "HEAD" || request.body != nil { set(CURLOPT_CUSTOMREQUEST, request.method) }
        vendlock_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
        vendlock_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, max(1, request.responseLimit))
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        vendlock_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, reason)
        vendlock_curl_set_pointer(handle, CURLOPT_PRIVATE, context)
        vendlock_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        vendlock_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        vendlock_curl_set_sink(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let taken = Transfer.of(context).collector.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return taken ? size * count : 0  // Another number ends the transfer; CURLOPT_WRITEFUNCTION(3).
        }
        vendlock_curl_set_sink(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let transfer = Transfer.of(context)
            if transfer.collector.headers.isEmpty { transfer.readServerKey() }
            let taken = transfer.collector.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return taken ? size * count : 0
        }
    }

    /// With the first header, as long as curl still knows the connection; without TLS there is none.
    private func readServerKey() {
        var digest = [UInt8](repeating: 0, count: 32)
        if vendlock_curl_server_key(handle, &digest) == 1 { serverKey = digest }
    }

    /// The transfer that owns an easy handle; it must be alive.
    static func owning(_ handle: UnsafeMutableRawPointer) -> Transfer { of(vendlock_curl_private(handle)) }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    private func set(_ option: CURLoption, _ value: Int) {
        CurlLibrary.require(vendlock_curl_set_long(handle, option, value), option)
    }

    private func set(_ option: CURLoption, _ value: String) {
        CurlLibrary.require(vendlock_curl_set_text(handle, option, value), option)
    }

    private func milliseconds(_ duration: Duration) -> Int {
        Int(max(1, duration.millisecondsRoundedUp))  // Zero would mean "no limit" or curl's default.
    }
}
