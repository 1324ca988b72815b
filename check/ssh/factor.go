package ssh

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// SecondFactor is the kind ssh.second-factor. It requires that nobody gets in by one factor alone.
// Each list of AuthenticationMethods has to have two that differ in kind, such as
// publickey,password; a list that goes through PAM alone suffices where its stack asks for the
// password and for one of the modules of second factors, on every way. Without
// AuthenticationMethods that holds for each method that is on. A module that lets in users who
// have not set it up (nullok, nouserok), or everybody (alwaysok), does not count. A system without
// an OpenSSH server has nothing to judge.
type SecondFactor struct {
	Modules []string `default:"pam_google_authenticator,pam_oath,pam_u2f,pam_yubico,pam_duo,pam_securid,pam_privacyidea,pam_pkcs11,pam_radius_auth,pam_okta_auth,pam_mfa" doc:"modules of PAM that ask for what somebody has"`
}

// Check returns the check.
func (a SecondFactor) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := sshd.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		lists, err := c.Values("AuthenticationMethods")
		if err != nil {
			return err
		}
		asked, err := a.viaPAM(ctx, sys, c)
		if err != nil {
			return err
		}
		on, err := methodsOn(c)
		if err != nil {
			return err
		}
		for _, s := range lists {
			ev := Directive{Name: "AuthenticationMethods"}.evidence(c, s)
			ev.Want = "two factors on every way in"
			weak := single(s.Value, on, asked)
			switch {
			case weak != "":
				ev.Got = weak + " is enough"
			case s.Value == "any" && len(on) == 0:
				ev.Got = "no method is on"
			case s.Value == "any":
				ev.Got = "two factors by " + strings.Join(on, " and by ")
			default:
				ev.Got = s.Value
			}
			v.Judge(weak == "", ev)
		}
		return nil
	}), nil
}

// methods are the ways to log in that a directive turns on.
var methods = map[string]string{"publickey": "PubkeyAuthentication", "password": "PasswordAuthentication", "keyboard-interactive": "KbdInteractiveAuthentication",
	"gssapi-with-mic": "GSSAPIAuthentication", "hostbased": "HostbasedAuthentication"}

// methodsOn returns the methods that are on for some connection, sorted.
func methodsOn(c *sshd.Config) ([]string, error) {
	var on []string
	for method, directive := range methods {
		all, err := c.Values(directive)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(s sshd.Value) bool { return s.Value != "no" }) {
			on = append(on, method)
		}
	}
	slices.Sort(on)
	return on, nil
}

// single returns a list of methods that is no more than one factor, or nothing.
func single(value string, on []string, asked asks) string {
	lists := strings.Fields(value)
	if value == "any" {
		lists = on
	}
	for _, list := range lists {
		kinds := map[string]bool{}
		for m := range strings.SplitSeq(list, ",") {
			switch m, _, _ = strings.Cut(m, ":"); m {
			case "password", "keyboard-interactive":
				kinds["password"] = kinds["password"] || asked.password
				kinds["factor"] = kinds["factor"] || asked.factor
			case "publickey", "gssapi-with-mic":
				kinds[m] = true
			}
		}
		n := 0
		for _, yes := range kinds {
			if yes {
				n++
			}
		}
		if n < 2 {
			return list
		}
	}
	return ""
}

// asks is what a login through PAM asks for on every way.
type asks struct{ password, factor bool }

func (a SecondFactor) viaPAM(ctx context.Context, sys *inventory.System, c *sshd.Config) (asks, error) {
	all, err := c.Values("UsePAM")
	if err != nil {
		return asks{}, err
	}
	if slices.ContainsFunc(all, func(s sshd.Value) bool { return s.Value != "yes" }) {
		return asks{password: true}, nil // sshd looks the password up itself
	}
	service, err := pam.Service.Of(ctx, sys, "sshd")
	if errors.Is(err, inventory.ErrAbsent) {
		return asks{password: true}, nil
	}
	if err != nil {
		return asks{}, fmt.Errorf("what PAM asks of sshd: %w", err)
	}
	password, err := needed(service.Stacks[pam.Auth], passwordModule)
	if err != nil {
		return asks{}, err
	}
	factor, err := needed(service.Stacks[pam.Auth], a.module)
	return asks{password, factor}, err
}

func passwordModule(e pam.Entry) bool {
	return slices.Contains([]string{"pam_unix", "pam_sss", "pam_ldap", "pam_krb5", "pam_winbind"}, e.Name())
}

func (a SecondFactor) module(e pam.Entry) bool {
	return slices.Contains(a.Modules, e.Name()) && !e.Has("nullok") && !e.Has("nouserok") && !e.Has("alwaysok")
}

// needed reports whether nobody gets through a stack whose modules of some kind refuse,
// whatever the others answer.
func needed(st pam.Stack, kind func(pam.Entry) bool) (bool, error) {
	met := false
	ends, err := st.Walk(func(e pam.Entry, state uint32) []pam.Move {
		switch {
		case kind(e):
			met = true
			return []pam.Move{{Code: pam.AuthErr, State: state}}
		case e.Name() == "pam_permit":
			return []pam.Move{{Code: pam.Success, State: state}}
		case e.Name() == "pam_deny":
			return []pam.Move{{Code: pam.AuthErr, State: state}}
		}
		var all []pam.Move
		for _, code := range e.Any() {
			all = append(all, pam.Move{Code: code, State: state})
		}
		return all
	})
	return met && !slices.ContainsFunc(ends, func(e pam.End) bool { return e.OK }), err
}
