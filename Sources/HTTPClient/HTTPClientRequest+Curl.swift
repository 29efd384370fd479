internal import CCurl

extension HTTPClientRequest {
    /// A line break in a header would make two of one. The value is not in the error.
    func checkSendable() throws(HTTPClientError) {
        try ServerURL.check(url)
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw HTTPClientError(.badURL, operation: ServerURL.origin(of: url), detail: "a method is written in capital letters")
        }
        for header in headers {
            let isName = !header.name.isEmpty && header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            guard isName, header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw HTTPClientError(.badURL, operation: summary, detail: "a header holds a character that cannot be sent")
            }
        }
    }

    /// The headers, and the removal of those that curl would add. The caller frees the list.
    func makeHeaderList() -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers {
            // An empty value is written with a semicolon, else it means removal; CURLOPT_HTTPHEADER(3).
            list = curl_slist_append(list, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        for unwanted in ["Accept", "Expect", "Content-Type"]
        where !headers.contains(where: { $0.name.lowercased() == unwanted.lowercased() }) {
            list = curl_slist_append(list, "\(unwanted):")
        }
        return list
    }
}
