package sshd

// The default lists of algorithms are from sshd_config(5) of each release, and from the release
// notes of those that changed them (openssh.com/releasenotes.html).

const chacha = "chacha20-poly1305@openssh.com"

var ciphers = []since{
	{Version{7, 4}, chacha + ",aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com"},
	// 10.0 prefers AES-GCM to AES-CTR.
	{Version{10, 0}, chacha + ",aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr"},
}

var macs = []since{
	{Version{7, 4}, "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com," +
		"hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com," +
		"umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1"},
}

const (
	curves = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521"
	groups = "diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512," +
		"diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"
	prime = "sntrup761x25519-sha512@openssh.com"
	iana  = "sntrup761x25519-sha512" // the registered name of the method of prime
)

var exchanges = []since{
	{Version{7, 4}, curves + "," + groups + ",diffie-hellman-group14-sha1"},
	{Version{8, 2}, curves + "," + groups},
	{Version{8, 9}, curves + "," + prime + "," + groups},
	{Version{9, 0}, prime + "," + curves + "," + groups},
	{Version{9, 9}, iana + "," + prime + ",mlkem768x25519-sha256," + curves + "," + groups},
	{Version{10, 0}, "mlkem768x25519-sha256," + iana + "," + prime + "," + curves},
}

const (
	certECDSA = "ecdsa-sha2-nistp256-cert-v01@openssh.com," +
		"ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com"
	ecdsa    = "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521"
	certRSA2 = "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com"
	rsa2     = "rsa-sha2-512,rsa-sha2-256"
	certSK   = "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"
	ecdsaSK  = "sk-ecdsa-sha2-nistp256@openssh.com"
	certEd   = "ssh-ed25519-cert-v01@openssh.com"
	certEdSK = "sk-ssh-ed25519-cert-v01@openssh.com"
	ed       = "ssh-ed25519"
	edSK     = "sk-ssh-ed25519@openssh.com"
	certRSA1 = "ssh-rsa-cert-v01@openssh.com"
	rsa1     = "ssh-rsa"
)

// signatures are the algorithms of host keys and of users' keys, which have the same defaults.
var signatures = []since{
	{Version{8, 2}, certECDSA + "," + certSK + "," + certEd + "," + certEdSK + "," + certRSA2 + "," + certRSA1 + "," +
		ecdsa + "," + ecdsaSK + "," + ed + "," + edSK + "," + rsa2 + "," + rsa1},
	{Version{8, 5}, certEd + "," + certECDSA + "," + certEdSK + "," + certSK + "," + certRSA2 + "," + certRSA1 + "," +
		ed + "," + ecdsa + "," + edSK + "," + ecdsaSK + "," + rsa2 + "," + rsa1},
	// 8.8 dropped signatures with SHA-1.
	{Version{8, 8}, certEd + "," + certECDSA + "," + certEdSK + "," + certSK + "," + certRSA2 + "," +
		ed + "," + ecdsa + "," + edSK + "," + ecdsaSK + "," + rsa2},
}
