// SPDX-License-Identifier: Apache-2.0

// An echo server on Pion: ICE-lite, one dual-stack UDP socket for all calls, as SFUs on Pion run it.
//
//	POST /call          an SDP offer (application/sdp); answers 201 with the SDP answer and a Location
//	DELETE /call/N      hangs up
//	GET /health         the node's self-report
//	POST /writes/block  from now on every write to the media socket waits (pion/ice issue 971) ...
//	POST /writes/free   ... until now
//	POST /fault/NAME/on, /fault/NAME/off   the faults of socket.go
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/pion/ice/v2"
	"github.com/pion/webrtc"
)

// A mux that names these addresses to callers. Pion's own lists the loopback's too, and two candidates of
// one family steal each other's packets.
type listedMux struct {
	ice.UDPMux
	addresses []net.Addr
}

func (m listedMux) GetListenAddresses() []net.Addr { return m.addresses }

func listed(mux ice.UDPMux, addresses string, port int) listedMux {
	list := listedMux{UDPMux: mux}
	for _, address := range strings.Split(addresses, ",") {
		list.addresses = append(list.addresses, &net.UDPAddr{IP: net.ParseIP(address), Port: port})
	}
	return list
}

type server struct {
	api    *webrtc.API
	faults faults
	mutex  sync.Mutex
	calls  map[string]*webrtc.PeerConnection
	next   int
}

func newServer(media *mediaConn, addresses string) (*server, error) {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetLite(true)
	port := media.LocalAddr().(*net.UDPAddr).Port
	settings.SetICEUDPMux(listed(webrtc.NewICEUDPMux(nil, media), addresses, port))
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings))
	return &server{api: api, faults: media.faults, calls: map[string]*webrtc.PeerConnection{}}, nil
}

// Sends every packet of the caller's track back to it.
func (s *server) echo(call *webrtc.PeerConnection) error {
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}
	back, err := webrtc.NewTrackLocalStaticRTP(opus, "audio", "echo")
	if err != nil {
		return err
	}
	if _, err = call.AddTrack(back); err != nil {
		return err
	}
	call.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil || (!s.faults.has(faultMute) && back.WriteRTP(packet) != nil) {
				return
			}
		}
	})
	return nil
}

func (s *server) answer(call *webrtc.PeerConnection, offer string) error {
	if err := s.echo(call); err != nil {
		return err
	}
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}
	if err := call.SetRemoteDescription(description); err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(call)
	description, err := call.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err = call.SetLocalDescription(description); err != nil {
		return err
	}
	<-gathered
	return nil
}

var (
	ufrag       = regexp.MustCompile(`a=ice-ufrag:\S+`)
	fingerprint = regexp.MustCompile(`(a=fingerprint:\S+) \S\S`)
)

// The answer as the caller gets it.
func (s *server) told(sdp string) string {
	if s.faults.has(faultUfrag) {
		sdp = ufrag.ReplaceAllString(sdp, "a=ice-ufrag:nobodyhasthis")
	}
	if s.faults.has(faultPrint) {
		sdp = fingerprint.ReplaceAllString(sdp, "$1 00")
	}
	return sdp
}

func (s *server) begin(w http.ResponseWriter, r *http.Request) {
	offer, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call, err := s.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err = s.answer(call, string(offer)); err != nil {
		_ = call.Close()
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	s.next++
	where := fmt.Sprintf("/call/%d", s.next)
	s.calls[where] = call
	s.mutex.Unlock()
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", where)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, s.told(call.LocalDescription().SDP))
}

func (s *server) end(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	call, known := s.calls[r.URL.Path]
	delete(s.calls, r.URL.Path)
	s.mutex.Unlock()
	if !known {
		http.NotFound(w, r)
		return
	}
	go call.Close() // its farewell goes through the media socket, which may be blocked
}

func handler(s *server, media *mediaConn) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/call", s.begin)
	mux.HandleFunc("/call/", s.end)
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/writes/", func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/block") {
			media.writes.Lock()
		} else {
			media.writes.Unlock()
		}
	})
	mux.HandleFunc("/fault/", func(w http.ResponseWriter, r *http.Request) {
		name, how, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/fault/"), "/")
		flag, known := s.faults.on[name]
		if !known {
			http.NotFound(w, r)
			return
		}
		flag.Store(how == "on")
		if how == "on" {
			if err := media.begin(name); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		}
	})
	return mux
}

func main() {
	mediaAt := flag.String("media", "[::]:20000", "where the media socket is bound")
	addresses := flag.String("addresses", "127.0.0.1", "of the media socket, as given to callers")
	httpAt := flag.String("http", ":8090", "where the HTTP API is bound")
	workers := flag.Int("workers", 1, "sockets that share the media port, with a reader each")
	flag.Parse()
	media, err := newMediaConn(*mediaAt, *workers, newFaults())
	if err != nil {
		log.Fatal(err)
	}
	s, err := newServer(media, *addresses)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(*httpAt, handler(s, media)))
}
