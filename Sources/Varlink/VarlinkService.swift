/// What a service says about itself through `org.varlink.service`.
package struct VarlinkService: Sendable {
    package let vendor: String
    package let product: String
    package let version: String
    package let url: String
    /// Interface descriptions by interface name.
    package let interfaces: [String: String]

    package init(vendor: String, product: String, version: String, url: String, interfaces: [String: String]) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
        self.interfaces = interfaces.merging([Self.name: Self.text]) { given, _ in given }
    }

    static let name = "org.varlink.service"

    /// The outcome of a call that is not the handler's: of `org.varlink.service`, or of an interface that nobody has.
    func answer(_ call: VarlinkCall) -> VarlinkOutcome? {
        guard call.interface == Self.name else {
            return interfaces[String(call.interface)] == nil ? .error(.interfaceNotFound(call.interface)) : nil
        }
        switch call.member {
        case "GetInfo":
            return .reply(Info(vendor: vendor, product: product, version: version, url: url, interfaces: interfaces.keys.sorted()))
        case "GetInterfaceDescription": return describe(call)
        default: return .error(.methodNotFound(call.method))
        }
    }

    private func describe(_ call: VarlinkCall) -> VarlinkOutcome {
        do throws(VarlinkFault) {
            let wanted = try call.parameters(as: Wanted.self).interface
            guard let text = interfaces[wanted] else { return .error(.interfaceNotFound(wanted)) }
            return .reply(Description(description: text))
        } catch {
            return .error(error)
        }
    }

    private struct Info: Encodable {
        let vendor, product, version, url: String
        let interfaces: [String]
    }
    private struct Wanted: Decodable { let interface: String }
    private struct Description: Encodable { let description: String }

    /// - Source: varlink.org, "Service"
    private static let text = """
        # The Varlink Service Interface is provided by every varlink service. It
        # describes the service and the interfaces it implements.
        interface org.varlink.service

        # Get a list of all the interfaces a service provides and information
        # about the implementation.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # Get the description of an interface that is implemented by this service.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The requested interface was not found.
        error InterfaceNotFound (interface: string)

        # The requested method was not found
        error MethodNotFound (method: string)

        # The interface defines the requested method, but the service does not
        # implement it.
        error MethodNotImplemented (method: string)

        # One of the passed parameters is invalid.
        error InvalidParameter (parameter: string)

        """
}
