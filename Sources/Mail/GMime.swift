private import CGMime

/// What is asked of GMime: words, parameters, dates, encodings and charsets; each of one bounded text.
///
/// Not asked: its parser of messages. It has no limits, so that 4 MB of empty parts take a gigabyte, and 4 MB of groups in one address field end the
/// process. `HeaderFields`, `Part` and `Mailboxes` cut a message up instead.
///
/// Concurrency: any thread.
enum GMime {
    /// Longer values are cut: GMime takes memory for them from the stack, of which a worker has 512 KiB.
    private static let mostValueBytes = 16 * 1024
    private static let chunk = 64 * 1024

    /// Once for the process; GMime counts calls, and nothing ever takes it down.
    private static let isReady: Bool = {
        g_mime_init()
        return true
    }()

    /// A field's text in letters: encoded words decoded, bytes beyond ASCII read as UTF-8 where they are, else as Latin-1.
    /// - Source: RFC 2047.
    static func text(_ value: [UInt8]) -> String {
        precondition(isReady)
        return withText(value) { text in
            guard let decoded = g_mime_utils_header_decode_text(nil, text) else { return "" }
            defer { g_free(decoded) }
            return String(cString: decoded)
        }
    }

    /// A Date field in Unix milliseconds.
    static func date(_ value: [UInt8]) -> Int64? {
        precondition(isReady)
        return withText(value) { text -> Int64? in
            guard let date = g_mime_utils_header_decode_date(text) else { return nil }
            defer { g_date_time_unref(date) }
            return Int64(g_date_time_to_unix(date)) * 1000
        }
    }

    /// A Content-Type field: the type in lower case, and its parameters of these names.
    /// - Source: RFC 2045 section 5, RFC 2231.
    static func contentType(_ value: [UInt8], parameters: [String]) -> (type: String, parameters: [String: String])? {
        precondition(isReady)
        return withText(value) { text -> (type: String, parameters: [String: String])? in
            guard let type = g_mime_content_type_parse(nil, text) else { return nil }
            defer { vendlock_gmime_free_type(type) }
            var found: [String: String] = [:]
            for name in parameters { found[name] = g_mime_content_type_get_parameter(type, name).map { String(cString: $0) } }
            guard let words = g_mime_content_type_get_mime_type(type) else { return nil }
            defer { g_free(words) }
            return (String(cString: words).lowercased(), found)
        }
    }

    /// A Content-Disposition field: its word in lower case, and the name of the file.
    /// - Source: RFC 2183.
    static func disposition(_ value: [UInt8]) -> (kind: String, fileName: String?)? {
        precondition(isReady)
        return withText(value) { text -> (kind: String, fileName: String?)? in
            guard let disposition = g_mime_content_disposition_parse(nil, text) else { return nil }
            defer { vendlock_gmime_free_disposition(disposition) }
            guard let kind = g_mime_content_disposition_get_disposition(disposition) else { return nil }
            let name = g_mime_content_disposition_get_parameter(disposition, "filename").map { String(cString: $0) }
            return (String(cString: kind).lowercased(), name)
        }
    }

    /// Undoes a Content-Transfer-Encoding.
    /// - Parameter limit: how many of the decoded bytes are kept; all are counted.
    static func decoded(_ body: ArraySlice<UInt8>, encoding: String, keeping limit: Int) -> (bytes: [UInt8], count: Int) {
        let kind: GMimeContentEncoding
        switch encoding {
        case "base64": kind = GMIME_CONTENT_ENCODING_BASE64
        case "quoted-printable": kind = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
        case "x-uuencode", "uuencode": kind = GMIME_CONTENT_ENCODING_UUENCODE
        default: return (Array(body.prefix(limit)), body.count)
        }
        var state = _GMimeEncoding()
        g_mime_encoding_init_decode(&state, kind)
        var output = [CChar](repeating: 0, count: g_mime_encoding_outlen(&state, chunk))
        var kept: [UInt8] = []
        var count = 0
        body.withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + chunk, bytes.count)])
                let length = g_mime_encoding_step(&state, piece.bindMemory(to: CChar.self).baseAddress, piece.count, &output)
                if kept.count < limit { kept += output.prefix(min(length, limit - kept.count)).lazy.map { UInt8(bitPattern: $0) } }
                count += length
                place += piece.count
            }
        }
        return (kept, count)
    }

    /// Bytes of a charset as text; what cannot be read becomes U+FFFD.
    ///
    /// Without a charset, and in one that nobody knows, UTF-8 where they are that, else the letters of western Windows, as browsers do.
    static func text(_ bytes: [UInt8], charset: String?) -> String {
        precondition(isReady)
        switch charset.flatMap(Charset.named) {
        case .utf8: return String(decoding: bytes, as: UTF8.self)
        case .other(let name): return converted(bytes, from: name) ?? String(decoding: bytes, as: UTF8.self)
        case nil:
            return String(validating: bytes, as: UTF8.self) ?? converted(bytes, from: Charset.fallback) ?? String(decoding: bytes, as: UTF8.self)
        }
    }

    /// - Source: iconv(3).
    private static func converted(_ bytes: [UInt8], from charset: String) -> String? {
        guard let descriptor = vendlock_gmime_open_charset(charset) else { return nil }
        defer { vendlock_gmime_close_charset(descriptor) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: chunk)
        var text: [UInt8] = []
        input.withUnsafeMutableBufferPointer { input in
            var from = input.baseAddress
            var left = input.count
            while left > 0 {
                let failure = output.withUnsafeMutableBufferPointer { output in
                    var to = output.baseAddress
                    var room = output.count
                    let failure = vendlock_gmime_convert(descriptor, &from, &left, &to, &room)
                    text += output[..<(output.count - room)].lazy.map { UInt8(bitPattern: $0) }
                    return failure
                }
                // No more room is no failure; anything else is one byte that means nothing here, or the half of a letter at the end.
                guard failure != 0, failure != E2BIG, left > 0 else { continue }
                text += "\u{FFFD}".utf8
                from = from?.advanced(by: 1)
                left -= 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Lends a value as C text, its charsets replaced where nobody knows them.
    private static func withText<Result>(_ value: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        // No NUL: HeaderFields made it a space.
        (Charset.replacingUnknown(in: value.prefix(mostValueBytes)).map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { text in
            guard let start = text.baseAddress else { preconditionFailure("a text has at least its end") }
            return body(start)
        }
    }
}
