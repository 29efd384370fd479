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
    func encode(reply parameters: any Encodable, continues: Bool, to output: inout [UInt8]) {
        if let parameters = parameters as? any JSONWritable {
            return write(reply: parameters, continues: continues, to: &output)
        }
        encode(opened: parameters, continues: continues, to: &output)
    }

    private func write(reply parameters: any JSONWritable, continues: Bool, to output: inout [UInt8]) {
        var json = JSONWriter(to: output)
        output = []  // So that the writer has the only reference and appends in place.
        json.object { reply in
            reply.member("parameters", parameters.write)
            if continues { reply.member("continues", true) }
        }
        output = json.bytes
        output.append(0)
    }

    private func encode(opened parameters: some Encodable, continues: Bool, to output: inout [UInt8]) {
        encode(VarlinkReply(parameters: parameters, continues: continues ? true : nil), to: &output)
    }

    func encode(fault: VarlinkFault, to output: inout [UInt8]) {
        encode(VarlinkReply(parameters: fault.parameters, error: fault.name), to: &output)
    }
}
