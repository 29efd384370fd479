private import CMicroHTTPD
private import Glibc

/// The library's server: started on a listening socket, stopped in two steps.
///
/// - Source: https://www.gnu.org/software/libmicrohttpd/manual/, for 0.9.75
final class Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer
    /// Kept as long as the library may read them.
    private let texts: [UnsafeMutablePointer<CChar>]
    private let sink: UnsafeMutablePointer<vendlock_mhd_sink>
    private let dispatcher: Unmanaged<Dispatcher>
    private let diagnostics: Unmanaged<Diagnostics>

    /// - Parameter dispatcher: retained until `stop`, because the library's threads call it.
    init(
        listener: ListeningSocket, configuration: HTTPServerConfiguration, threads: Int, connectionLimit: Int, dispatcher: Dispatcher
    ) throws(HTTPServerError) {
        let dispatcher = Unmanaged.passRetained(dispatcher)
        let diagnostics = Unmanaged.passRetained(Diagnostics(configuration.diagnostics))
        let sink = UnsafeMutablePointer<vendlock_mhd_sink>.allocate(capacity: 1)
        sink.initialize(to: vendlock_mhd_sink(write: Self.report, context: diagnostics.toOpaque()))
        let context = dispatcher.toOpaque()
        var texts: [UnsafeMutablePointer<CChar>] = []
        var flags = [MHD_USE_EPOLL, MHD_USE_INTERNAL_POLLING_THREAD, MHD_ALLOW_SUSPEND_RESUME, MHD_USE_ERROR_LOG]
            .reduce(0) { $0 | $1.rawValue }

        var options: [MHD_OptionItem] = [
            // First, so that it is in place for whatever the others report.
            MHD_OptionItem(option: .EXTERNAL_LOGGER, value: vendlock_mhd_logger(), ptr_value: sink),
            MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener.descriptor), ptr_value: nil),
            MHD_OptionItem(option: .THREAD_POOL_SIZE, value: threads, ptr_value: nil),
            MHD_OptionItem(option: .THREAD_STACK_SIZE, value: 1024 * 1024, ptr_value: nil),
            // The table sheds before the library stops accepting, which it does for each thread's share on its own.
            MHD_OptionItem(option: .CONNECTION_LIMIT, value: connectionLimit + 16 * threads, ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_MEMORY_LIMIT, value: configuration.connectionMemory, ptr_value: nil),
            // Seconds without a byte either way: for clients that do not read their answer. The table sees to the rest.
            MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: Int((configuration.idleTimeout.ticks + 1999) / 1000), ptr_value: nil),
            MHD_OptionItem(option: .STRICT_FOR_CLIENT, value: 1, ptr_value: nil),
            Self.option(.UNESCAPE_CALLBACK, unsafeBitCast(Self.unescape, to: Int.self), context),
            Self.option(.NOTIFY_CONNECTION, unsafeBitCast(Self.notifyConnection, to: Int.self), context),
            Self.option(.NOTIFY_COMPLETED, unsafeBitCast(Self.notifyCompleted, to: Int.self), context),
        ]
        if let tls = configuration.tls {
            flags |= MHD_USE_TLS.rawValue
            texts = [strdup(tls.certificatePEM), strdup(tls.keyPEM), strdup("NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2")]
            options += [
                Self.option(.HTTPS_MEM_CERT, 0, texts[0]), Self.option(.HTTPS_MEM_KEY, 0, texts[1]),
                Self.option(.HTTPS_PRIORITIES, 0, texts[2]),
            ]
        }
        options.append(Self.option(.END, 0, nil))

        guard let pointer = vendlock_mhd_start(flags, Self.admit, context, Self.access, context, &options) else {
            let number = errno
            Self.free(texts, sink)
            dispatcher.release()
            diagnostics.release()
            throw HTTPServerError(
                code: .daemon, operation: "start the HTTP server",
                detail: "the HTTP library refused; with TLS, see whether certificate and key are PEM and belong together", native: number)
        }
        self.pointer = pointer
        self.texts = texts
        self.sink = sink
        self.dispatcher = dispatcher
        self.diagnostics = diagnostics
    }

    /// Closes the listening socket and every connection, and ends the threads. No connection may be suspended.
    func stop() {
        MHD_stop_daemon(pointer)
        Self.free(texts, sink)
        dispatcher.release()
        diagnostics.release()
    }

    private static func option(_ option: MHD_OPTION, _ value: Int, _ pointer: UnsafeMutableRawPointer?) -> MHD_OptionItem {
        MHD_OptionItem(option: option, value: value, ptr_value: pointer)
    }

    private static func free(_ texts: [UnsafeMutablePointer<CChar>], _ sink: UnsafeMutablePointer<vendlock_mhd_sink>) {
        for text in texts { Glibc.free(text) }
        sink.deallocate()
    }
}

// The callbacks stand in this file because their C types stay private to it.

/// The library's callbacks. Each has the dispatcher as its context, which the daemon keeps alive.
extension Daemon {
    fileprivate static let admit: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<sockaddr>?, socklen_t) -> MHD_Result = {
        context, address, _ in
        dispatcher(context).admits(address.flatMap { PeerAddress($0) }) ? .YES : .NO
    }

    /// Called for a complete header, for each piece of the body, for its end, and after each resume.
    fileprivate static let access:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> MHD_Result = { context, handle, path, method, _, bytes, count, slot in
            // The library passes these in every call.
            let handle = handle!, count = count!, slot = slot!
            guard let known = slot.pointee else {
                // An answer in this first call closes the connection, so that only a refusal is sent from `begin`.
                slot.pointee = vendlock_mhd_context(handle)
                return dispatcher(context).begin(connection(slot.pointee), path: path!, method: method!) ? .YES : .NO
            }
            if count.pointee > 0 {
                let piece = UnsafeRawBufferPointer(start: bytes, count: count.pointee)
                count.pointee = 0
                return dispatcher(context).receive(piece, on: connection(known)) ? .YES : .NO
            }
            return dispatcher(context).proceed(connection(known)) ? .YES : .NO
        }

    /// Leaves the text percent-encoded, so that `%2F` in a segment stays apart from a slash; notes what is malformed.
    fileprivate static let unescape: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?) -> Int = {
        _, handle, text in
        let bytes = UnsafeRawPointer(text!).assumingMemoryBound(to: UInt8.self)
        let count = strlen(text!)
        if !PercentCoding.isWellFormed(UnsafeBufferPointer(start: bytes, count: count)), let context = vendlock_mhd_context(handle!) {
            connection(context).hasMalformedURL = true
        }
        return count
    }

    /// Makes the connection's object at its start, and frees it at its end.
    fileprivate static let notifyConnection:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, MHD_ConnectionNotificationCode
        ) -> Void = { context, handle, slot, code in
            if code == .CONNECTION_NOTIFY_STARTED {
                let opened = dispatcher(context).opened(ConnectionHandle(handle!))
                slot!.pointee = Unmanaged.passRetained(opened).toOpaque()
            } else if let opened = slot!.pointee {
                dispatcher(context).closed(connection(opened))
                Unmanaged<Connection>.fromOpaque(opened).release()
                slot!.pointee = nil
            }
        }

    fileprivate static let notifyCompleted:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, MHD_RequestTerminationCode
        ) -> Void = { context, _, slot, _ in
            guard let known = slot!.pointee else { return }
            dispatcher(context).finished(connection(known))
            slot!.pointee = nil
        }

    fileprivate static let report: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void = { context, line in
        Unmanaged<Diagnostics>.fromOpaque(context!).takeUnretainedValue().write?(String(cString: line!))
    }

    private static func dispatcher(_ context: UnsafeMutableRawPointer?) -> Dispatcher {
        Unmanaged<Dispatcher>.fromOpaque(context!).takeUnretainedValue()
    }

    private static func connection(_ context: UnsafeMutableRawPointer?) -> Connection {
        Unmanaged<Connection>.fromOpaque(context!).takeUnretainedValue()
    }
}

/// Where the library's messages go.
final class Diagnostics: Sendable {
    let write: (@Sendable (String) -> Void)?

    init(_ write: (@Sendable (String) -> Void)?) {
        self.write = write
    }
}
