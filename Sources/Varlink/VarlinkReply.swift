/// A reply on its way out.
/// - Source: varlink.org, "Method Reply"
struct VarlinkReply<Parameters: Encodable>: Encodable {
    var parameters: Parameters
    /// True when more replies to the same call follow; absent otherwise.
    var continues: Bool?
    /// The error's full name; absent when all is well.
    var error: String?
}

extension VarlinkCoder {
    func encode(reply parameters: some Encodable, continues: Bool, to output: inout [UInt8]) {
        encode(VarlinkReply(parameters: parameters, continues: continues ? true : nil), to: &output)
    }

    func encode(fault: VarlinkFault, to output: inout [UInt8]) {
        encode(VarlinkReply(parameters: fault.parameters, error: fault.name), to: &output)
    }
}
