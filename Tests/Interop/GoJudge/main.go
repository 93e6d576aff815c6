// SPDX-License-Identifier: Apache-2.0

// What x/crypto/ssh thinks of certificates: a line "user" or "host", tab, path comes in for each, and
// a line "ok", "no" or "crash", tab, reason goes out.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
)

// login is what a server knows of a connection: here only who wants to come in.
type login struct {
	ssh.ConnMetadata
	user string
}

func (l login) User() string { return l.user }

func main() {
	if len(os.Args) != 4 {
		fail(errors.New("usage: go-judge AUTHORITIES ACCOUNT HOST"))
	}
	authorities, err := readAuthorities(os.Args[1])
	if err != nil {
		fail(err)
	}
	trusted := func(key ssh.PublicKey) bool { return authorities[string(key.Marshal())] }
	checker := &ssh.CertChecker{
		SupportedCriticalOptions: []string{"force-command", "verify-required"},
		IsUserAuthority:          trusted,
		IsHostAuthority:          func(key ssh.PublicKey, _ string) bool { return trusted(key) },
	}
	input := bufio.NewScanner(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	for input.Scan() {
		use, path, _ := strings.Cut(input.Text(), "\t")
		fmt.Fprintln(output, judge(checker, use, path))
	}
	if err := firstOf(input.Err(), output.Flush()); err != nil {
		fail(err)
	}
}

func judge(checker *ssh.CertChecker, use, path string) (verdict string) {
	defer func() {
		if fault := recover(); fault != nil {
			verdict = fmt.Sprintf("crash\t%v", fault)
		}
	}()
	line, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(line)
	switch {
	case err != nil:
	case use == "user":
		_, err = checker.Authenticate(login{user: os.Args[2]}, key)
	default:
		err = checker.CheckHostKey(net.JoinHostPort(os.Args[3], "22"), nil, key)
	}
	if err != nil {
		return fmt.Sprintf("no\t%q", err)
	}
	return "ok\t"
}

func readAuthorities(path string) (map[string]bool, error) {
	authorities := map[string]bool{}
	rest, err := os.ReadFile(path)
	for err == nil && len(bytes.TrimSpace(rest)) > 0 {
		var key ssh.PublicKey
		if key, _, _, rest, err = ssh.ParseAuthorizedKey(rest); err == nil {
			authorities[string(key.Marshal())] = true
		}
	}
	return authorities, err
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "go-judge:", err)
	os.Exit(1)
}

func firstOf(faults ...error) error {
	for _, fault := range faults {
		if fault != nil {
			return fault
		}
	}
	return nil
}
