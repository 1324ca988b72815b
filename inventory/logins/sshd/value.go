package sshd

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var (
	errEmptyValue = errors.New("is empty")
	errExtra      = errors.New("has more than one word")
	errRange      = errors.New("is out of its range")
	errRelative   = errors.New("is no absolute path")
	errAlgorithm  = errors.New("has an algorithm that is not known; OpenSSH would not start with it")
	errMethods    = errors.New("has no list of methods")
	errHost       = errors.New("has a user at a host that is none")
)

// many are directives with several words. All others have one.
var many = newSet("allowgroups allowusers authenticationmethods authorizedkeyscommand authorizedkeysfile denygroups denyusers")

// paths are directives whose value is a path, which the server takes from where it was started if it
// is relative.
var paths = newSet("banner hostkey revokedkeys trustedusercakeys")

// globalOnly are directives that a Match block may not have.
var globalOnly = newSet(`addressfamily ciphers compression debianbanner fingerprinthash gssapicleanupcredentials
	gssapienablek5users gssapikexalgorithms gssapikeyexchange gssapistorecredentialsonrekey gssapistrictacceptorcheck
	hostcertificate hostkey hostkeyagent hostkeyalgorithms ignoreuserknownhosts kerberosgetafstoken kerberosorlocalpasswd
	kerberosticketcleanup kerberosusekuserok kexalgorithms listenaddress logingracetime macs maxstartups modulifile
	permitpamuserchange permituserenvironment persourcemaxstartups persourcenetblocksize persourcepenalties
	persourcepenaltyexemptlist pidfile port printlastlog printmotd securitykeyprovider sshdauthpath sshdsessionpath
	strictmodes syslogfacility tcpkeepalive usedns usepam versionaddendum x11maxdisplays xauthlocation`)

// checkWords returns an error for values of a directive that sshd refuses, whatever its kind.
func checkWords(key string, kind kind, args []string) error {
	if len(args) > 1 && !many[key] {
		return errExtra
	}
	if kind == unjudged {
		return nil
	}
	for _, a := range args {
		switch {
		case a == "":
			return errEmptyValue
		case paths[key] && !strings.EqualFold(a, "none") && a[0] != '/':
			return errRelative
		case key == "port" && !isPort(a):
			return errRange
		case (key == "allowusers" || key == "denyusers") && !isUserPattern(a):
			return errHost
		}
	}
	if key == "authenticationmethods" {
		return checkMethods(args)
	}
	return nil
}

// isPort reports whether s is the number of a port. sshd takes names of services as well.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// isUserPattern reports whether sshd takes a pattern of AllowUsers, USER or USER@HOST. A host with
// "/" is a network without bits behind its mask.
func isUserPattern(s string) bool {
	_, hosts, ok := strings.Cut(s, "@")
	if !ok {
		return true
	}
	for h := range strings.SplitSeq(hosts, ",") {
		h = strings.TrimPrefix(h, "!")
		if h == "" {
			return false
		}
		if !strings.Contains(h, "/") {
			continue
		}
		p, err := netip.ParsePrefix(h)
		if err != nil || p.Masked() != p {
			return false
		}
	}
	return true
}

// methods are what AuthenticationMethods may name, with a device behind a colon.
var methods = strings.Fields("none publickey gssapi-with-mic gssapi-keyex password keyboard-interactive hostbased")

// checkMethods returns an error for lists of methods that sshd refuses. "any" stands alone.
func checkMethods(lists []string) error {
	if len(lists) == 1 && lists[0] == "any" {
		return nil
	}
	for _, l := range lists {
		for m := range strings.SplitSeq(l, ",") {
			name, _, _ := strings.Cut(m, ":")
			if !slices.Contains(methods, name) {
				return errMethods
			}
		}
	}
	return nil
}

// algorithmNames are those that a version of OpenSSH that is known has had, by ssh -Q and the release
// notes. GSSAPI key exchanges are those of distributions.
var algorithmNames = newSet(`3des-cbc aes128-cbc aes128-ctr aes128-gcm@openssh.com aes192-cbc aes192-ctr aes256-cbc
	aes256-ctr aes256-gcm@openssh.com arcfour arcfour128 arcfour256 blowfish-cbc cast128-cbc
	chacha20-poly1305@openssh.com none rijndael-cbc@lysator.liu.se
	hmac-md5 hmac-md5-96 hmac-md5-96-etm@openssh.com hmac-md5-etm@openssh.com hmac-ripemd160
	hmac-ripemd160-etm@openssh.com hmac-ripemd160@openssh.com hmac-sha1 hmac-sha1-96 hmac-sha1-96-etm@openssh.com
	hmac-sha1-etm@openssh.com hmac-sha2-256 hmac-sha2-256-etm@openssh.com hmac-sha2-512 hmac-sha2-512-etm@openssh.com
	umac-128-etm@openssh.com umac-128@openssh.com umac-64-etm@openssh.com umac-64@openssh.com
	curve25519-sha256 curve25519-sha256@libssh.org diffie-hellman-group-exchange-sha1
	diffie-hellman-group-exchange-sha256 diffie-hellman-group1-sha1 diffie-hellman-group14-sha1
	diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 ecdh-sha2-nistp256
	ecdh-sha2-nistp384 ecdh-sha2-nistp521 mlkem768x25519-sha256 sntrup4591761x25519-sha512@tinyssh.org
	sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com
	ecdsa-sha2-nistp256 ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384
	ecdsa-sha2-nistp384-cert-v01@openssh.com ecdsa-sha2-nistp521 ecdsa-sha2-nistp521-cert-v01@openssh.com rsa-sha2-256
	rsa-sha2-256-cert-v01@openssh.com rsa-sha2-512 rsa-sha2-512-cert-v01@openssh.com
	sk-ecdsa-sha2-nistp256-cert-v01@openssh.com sk-ecdsa-sha2-nistp256@openssh.com
	sk-ssh-ed25519-cert-v01@openssh.com sk-ssh-ed25519@openssh.com ssh-dss ssh-dss-cert-v01@openssh.com ssh-ed25519
	ssh-ed25519-cert-v01@openssh.com ssh-rsa ssh-rsa-cert-v01@openssh.com webauthn-sk-ecdsa-sha2-nistp256@openssh.com`)

// normalizeAlgorithms returns a list without empty and repeated names. Patterns are left to
// [Config.Values].
func normalizeAlgorithms(value string) (string, error) {
	sign, rest := "", value
	if strings.ContainsAny(value[:1], "+-^") {
		sign, rest = value[:1], value[1:]
	}
	var all []string
	seen := map[string]bool{}
	for name := range strings.SplitSeq(rest, ",") {
		if name == "" || seen[name] {
			continue
		}
		if !algorithmNames[name] && !strings.HasPrefix(name, "gss-") && (strings.ContainsAny(name, "!+^[]\\") ||
			!strings.ContainsAny(name, "*?") && sign != "-") {
			return "", errAlgorithm
		}
		seen[name] = true
		all = append(all, name)
	}
	if len(all) == 0 {
		return "", errEmptyValue
	}
	return sign + strings.Join(all, ","), nil
}
