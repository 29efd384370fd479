private import CCrypto
package import Wire

/// The public key inside a certificate.
package enum CertificateKey {
    /// The pin of the first certificate of a PEM text: the server's own, before those of its authorities.
    package static func pin(ofPEM text: String) throws(CryptoError) -> CertificatePin {
        let bytes = Array(text.utf8)
        guard let source = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { throw CryptoError("reading a certificate") }
        defer { BIO_free(source) }
        // The source reads from the array, which has to outlive it.
        return try withExtendedLifetime(bytes) { () throws(CryptoError) in
            guard let certificate = PEM_read_bio_X509(source, nil, nil, nil) else { throw CryptoError("reading a certificate") }
            defer { X509_free(certificate) }
            var der: UnsafeMutablePointer<UInt8>?
            let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der)
            guard count > 0, let der else { throw CryptoError("reading a certificate's key") }
            defer { CRYPTO_free(der, nil, 0) }
            return CertificatePin(digest: Digest.sha256(Array(UnsafeBufferPointer(start: der, count: Int(count)))))
        }
    }
}
