// SPDX-License-Identifier: Apache-2.0

// Participants of LiveKit's own Go SDK, who join at a steady pace a room in which a host speaks, stay for a while and leave.
// Prints what each saw, a line of JSON per event, as tests/e2e/stand/client does:
//
//	begin      a participant begins to join that room
//	offer      a connection with the node was negotiated: key is the node's ufrag, side publisher or subscriber
//	connected  ICE and DTLS of that key are up
//	active     the participant is in: it hears the host, and what it publishes is connected
//	reconnected   after a lost signalling connection, or a full reconnect
//	end        with the reason; hung_up where all went well
//
// The host's events have the id -1, and it is never active; who joins alone needs none. SIGUSR1: no further participant comes.
package main

import (
	"flag"
	"log"
	"math/rand"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	protologger "github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
)

const (
	apiKey, apiSecret = "candor", "candor-candor-candor-candor-candor"
	hostName          = "host"
)

var flags struct {
	api           string
	rate          float64
	seconds       time.Duration
	timeout, hold time.Duration
	random        bool
}

// Seconds, as the other clients of the stand take them.
func seconds(name string, standard float64, use string) *float64 {
	return flag.Float64(name, standard, use)
}

func since(value *float64) time.Duration { return time.Duration(*value * float64(time.Second)) }

// The host comes first and stays; only its connections belong to the measurement, since the node sees them too.
func host(address string) (*join, error) {
	h := &join{id: -1, manner: mannerHost, address: address}
	if err := h.come(hostName); err != nil {
		return nil, err
	}
	go func() {
		for {
			time.Sleep(dataEvery)
			_ = publishData(h.room.LocalParticipant)
		}
	}()
	return h, nil
}

func needsHost(manners []string) bool {
	return slices.ContainsFunc(manners, func(manner string) bool { return manner != mannerAlone })
}

func main() {
	flag.StringVar(&flags.api, "api", "ws://127.0.0.1:7880", "the node's signalling")
	address := flag.String("from", "127.0.0.1", "own address, as events name it")
	flag.Float64Var(&flags.rate, "rate", 3, "joins a second")
	length := seconds("seconds", 10, "for how long joins are begun")
	timeout := seconds("timeout", 10, "seconds until a client gives up")
	hold := seconds("hold", 3, "seconds for which a participant stays")
	manners := flag.String("manners", mannerGood, "of the participants, in turn")
	random := flag.Int("random", 0, "1: they come at random (a Poisson process)")
	first := flag.Int("first", 0, "number of the first participant, and")
	step := flag.Int("step", 1, "how far apart numbers are: others take those between")
	flag.Parse()
	flags.seconds, flags.timeout, flags.hold = since(length), since(timeout), since(hold)
	flags.random = *random == 1
	lksdk.SetLogger(protologger.GetDiscardLogger())

	home := make(chan os.Signal, 1)
	signal.Notify(home, syscall.SIGUSR1)
	each := strings.Split(*manners, ",")
	if needsHost(each) {
		speaker, err := host(*address)
		if err != nil {
			log.Fatal("host: ", err)
		}
		defer speaker.leave()
	}
	run(*address, each, *first, *step, home)
}

func run(address string, manners []string, first, step int, home <-chan os.Signal) {
	var all sync.WaitGroup
	defer all.Wait()
	gap := time.Duration(float64(time.Second) / flags.rate)
	due := time.Now().Add(gap * time.Duration(first) / time.Duration(step))
	for number := 0; number < int(flags.rate*flags.seconds.Seconds()+0.5); number++ {
		select {
		case <-home:
			return
		case <-time.After(time.Until(due)):
		}
		if flags.random {
			due = due.Add(time.Duration(rand.ExpFloat64() * float64(gap)))
		} else {
			due = due.Add(gap)
		}
		id := first + number*step
		one := &join{id: id, manner: manners[id%len(manners)], address: address}
		all.Go(one.run)
	}
}
