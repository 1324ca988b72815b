package pam_test

import (
	"maps"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// pamtester tells whether a stack lets somebody in. What Linux-PAM does not understand fails the
// stack, which is an error here.
func TestBytes(t *testing.T) {
	const head = "auth required pam_permit.so\n"
	texts := bytetable.Line{Head: head, Key: "auth", Sep: " ", Value: "requisite pam_debug.so auth=auth_err", Other: "optional pam_permit.so", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"argument in brackets": head + "auth required pam_debug.so [auth=auth_err]\n", "bracket open": head + "auth required pam_debug.so [auth=auth_err\n", "control in brackets": head + "auth [success=ok default=bad] pam_debug.so auth=auth_err\n",
		"control open": head + "auth [success=ok default=bad pam_debug.so auth=auth_err\n", "blanks in the control": head + "auth [ success = ok  default = bad ] pam_debug.so auth=auth_err\n", "no blank behind the control": head + "auth [default=bad]pam_debug.so auth=auth_err\n",
		"no default": head + "auth [success=ok] pam_debug.so auth=auth_err\n", "default twice": head + "auth [default=bad default=ignore] pam_debug.so auth=auth_err\n", "code twice": head + "auth [auth_err=bad auth_err=ignore] pam_debug.so auth=auth_err\n",
		"argument in capitals": head + "auth required pam_debug.so AUTH=auth_err\n", "control in capitals": head + "auth REQUIRED pam_debug.so auth=auth_err\n",
		"comma in the control": head + "auth [success=ok,default=bad] pam_debug.so auth=auth_err\n", "no blank between": head + "auth [success=okdefault=bad] pam_debug.so auth=auth_err\n", "empty control": head + "auth [] pam_debug.so auth=auth_err\n",
		"jump of none": head + "auth [default=0] pam_debug.so auth=auth_err\n", "jump over the end": head + "auth [default=5] pam_debug.so auth=auth_err\n", "jump with a sign": head + "auth [default=-1] pam_debug.so auth=auth_err\n", "too far a jump": head + "auth [default=99999999999] pam_debug.so auth=auth_err\n",
		"code in capitals": head + "auth [DEFAULT=bad] pam_debug.so auth=auth_err\n", "action in capitals": head + "auth [default=BAD] pam_debug.so auth=auth_err\n", "silent": head + "-auth required pam_debug.so auth=auth_err\n", "silent and not there": head + "-auth required pam_nowhere.so\n",
		"not there": head + "auth required pam_nowhere.so\n", "a path": head + "auth required /nowhere/pam_permit.so\n", "no ending": head + "auth required pam_permit\n", "silent, a blank": head + "- auth required pam_debug.so auth=auth_err\n",
		"include": head + "@include deny\n", "include, a slash": head + "@include /etc/pam.d/deny\n", "include, junk": head + "@include deny xyzzy\n", "include, capitals": head + "@INCLUDE deny\n", "include, no blank": head + "@includedeny\n", "include of none": head + "@include\n",
		"include quoted": head + "@include \"deny\"\n", "include in brackets": head + "@include [deny]\n", "a module in brackets": head + "auth required [pam_permit.so]\n", "group in brackets": head + "[auth] required pam_debug.so auth=auth_err\n",
		"include behind a control": head + "auth include deny\n", "substack": head + "auth substack deny\n", "substack in brackets": head + "auth [substack] deny\n", "another group": head + "account required pam_debug.so auth=auth_err\n", "empty file": "# x\n",
		"an escaped bracket": head + "auth required pam_debug.so [auth=auth_err\\]]\n", "a hash in brackets": head + "auth required pam_debug.so [x#y] auth=auth_err\n", "a hash in a control": head + "auth [default=bad # x] pam_debug.so auth=auth_err\n",
		"continued in brackets": head + "auth [success=ok \\\ndefault=bad] pam_debug.so auth=auth_err\n", "line of 1022 bytes": head + "auth required pam_debug.so " + pad(1022-44) + " auth=auth_err\n", "line of 1024 bytes": head + "auth required pam_debug.so " + pad(1024-44) + " auth=auth_err\n",
	})
	var tree string
	bytetable.Test(t, "stack", texts, func(t *testing.T, text string) string {
		c, err := pam.Service.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
			"etc/pam.d/one": text, "etc/pam.d/deny": "auth required pam_debug.so auth=auth_err\n", "etc/pam.d/other": "auth required pam_permit.so\n",
		})), "one")
		if err != nil {
			return bytetable.Error
		}
		ends, err := c.Stacks[pam.Auth].Walk(func(e pam.Entry, _ uint32) []pam.Move {
			switch v, ok := e.Arg("auth"); {
			case ok && e.Module == "pam_debug.so" && v == "auth_err": // other words are success
				return []pam.Move{{Code: pam.AuthErr}}
			case e.Module == "pam_permit.so" || e.Module == "pam_debug.so":
				return []pam.Move{{Code: pam.Success}}
			}
			return []pam.Move{{Code: pam.ModuleUnknown}}
		})
		if err != nil || len(ends) != 1 {
			return bytetable.Error
		}
		return map[bool]string{true: "taken", false: "refused"}[ends[0].OK]
	}, func(t *testing.T, text string) string {
		if tree == "" {
			oracle.Need(t, "pamtester", "ldd", "chroot")
			tree = copySmall(t, "/usr/bin/pamtester", "/lib/*-linux-gnu/security/pam_debug.so", "/lib/*-linux-gnu/security/pam_permit.so")
			put(t, tree, "etc/passwd", []byte("root:x:0:0:root:/root:/bin/sh\n"))
			put(t, tree, "etc/pam.d/deny", []byte("auth required pam_debug.so auth=auth_err\n"))
			put(t, tree, "etc/pam.d/other", []byte("auth required pam_permit.so\n"))
		}
		put(t, tree, "etc/pam.d/one", []byte(text))
		// A shell tells of a program that crashes by its code.
		if _, code := oracle.Code(t, "sh", "-c", `chroot "$0" pamtester one root authenticate; exit $?`, tree); code == 0 {
			return "taken"
		}
		return "refused"
	}, nil)
}

// pad returns an argument that the module does not know.
func pad(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return string(b)
}
