private import CMicroHTTPD

/// A response made once and sent to many, as `/healthz` is.
package final class PreparedResponse: @unchecked Sendable {
    let status: Int
    /// Counted by the library: a response that is being sent outlives this object.
    let pointer: OpaquePointer

    package init(_ response: HTTPResponse) {
        status = response.status
        let made = response.body.withUnsafeBytes { body in
            MHD_create_response_from_buffer(body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let made else { preconditionFailure("There is memory for a prepared response.") }
        for (name, value) in response.headers {
            let added = MHD_add_response_header(made, name, value)
            precondition(added == .YES, "A header field has no line break and no empty name: \(name)")
        }
        pointer = made
    }

    deinit { MHD_destroy_response(pointer) }
}
