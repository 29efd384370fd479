private import CCurl
private import Platform

/// Transfers within a loop of one thread, which waits for them and for one more descriptor together.
/// Connections and TLS sessions are kept from one transfer to the next.
package final class TransferLoop {
    package typealias Finished = (id: TransferID, result: Result<HTTPClientResponse, HTTPClientError>)

    /// While the other descriptor keeps the loop awake, curl's own timers are looked at no less often.
    private static let longestRest = Duration.milliseconds(20)

    /// Of the transfers that are started from now on; `keptConnections` is what it was at first.
    package var options: HTTPClientOptions
    private let multi = CurlLibrary.makeMulti()
    private let share: UnsafeMutableRawPointer
    private var transfers: [TransferID: Transfer] = [:]
    private var lastNumber: UInt64 = 0
    private var lastPerformed: Uptime?

    package init(options: HTTPClientOptions = HTTPClientOptions()) {
        self.options = options
        guard let share = curl_share_init() else { preconditionFailure("curl_share_init fails only without memory") }
        precondition(vendlock_curl_share_sessions(share) == CURLSHE_OK, "curl can share TLS sessions")
        self.share = share
        CurlLibrary.require(vendlock_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.keptConnections))
    }

    deinit {
        // The order of libcurl: transfers, then the multi handle, then what they share.
        for transfer in transfers.values { detach(transfer) }
        transfers = [:]
        curl_multi_cleanup(multi)
        curl_share_cleanup(share)
    }

    /// Begins a transfer; `poll` carries it on. A request that cannot be sent throws here.
    package func start(_ request: HTTPClientRequest) throws(HTTPClientError) -> TransferID {
        lastNumber += 1
        let transfer = try Transfer(request, id: TransferID(number: lastNumber), options: options, share: share)
        transfers[transfer.id] = transfer
        CurlLibrary.require(curl_multi_add_handle(multi, transfer.handle))
        lastPerformed = nil
        return transfer.id
    }

    /// Sends what can be sent now, without waiting: for a caller that is busy before its next `poll`.
    package func advance() {
        var running: Int32 = 0
        CurlLibrary.require(curl_multi_perform(multi, &running))
        // What has finished here is looked for by the next `poll` before it waits: no socket would tell of it again.
        lastPerformed = nil
    }

    /// Ends a transfer without a result, and its connection with it when it was under way. One that is finished is no error.
    package func cancel(_ id: TransferID) {
        guard let transfer = transfers[id] else { return }
        detach(transfer)
        transfers[transfer.id] = nil
    }

    /// Waits until a transfer finished, `extraFD` is readable (-1: none), or the time is over.
    package func poll(extraFD: Int32, timeout: Duration) -> (extraReady: Bool, finished: [Finished]) {
        // A transfer that was just started may be over already (a name that cannot be resolved).
        if lastPerformed == nil {
            let finished = perform()
            if !finished.isEmpty { return (false, finished) }
        }
        var extra = curl_waitfd(fd: extraFD, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        var ready: Int32 = 0
        CurlLibrary.require(
            curl_multi_poll(multi, &extra, extraFD < 0 ? 0 : 1, timeout.millisecondsRoundedUp, &ready))
        let extraReady = extra.revents != 0
        // Each look at a transfer costs a system call: none while only the other descriptor is busy.
        if extraReady, ready == 1, let lastPerformed, Uptime.now() - lastPerformed < Self.longestRest { return (true, []) }
        return (extraReady, perform())
    }

    private func perform() -> [Finished] {
        lastPerformed = Uptime.now()
        var running: Int32 = 0
        CurlLibrary.require(curl_multi_perform(multi, &running))
        var finished: [Finished] = []
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard vendlock_curl_is_done(message) != 0 else { continue }
            let transfer = Transfer.owning(message.pointee.easy_handle)
            let code = vendlock_curl_result(message)  // The message goes with the handle.
            detach(transfer)
            transfers[transfer.id] = nil
            finished.append((transfer.id, transfer.result(code)))
        }
        return finished
    }

    private func detach(_ transfer: Transfer) {
        CurlLibrary.require(curl_multi_remove_handle(multi, transfer.handle))
    }
}
