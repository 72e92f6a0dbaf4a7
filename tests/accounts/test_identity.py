def test_an_unknown_address_is_just_that_for_the_signed_in(sign_in, world):
    for actor in (world.owner, world.agent):
        browser = sign_in(actor)
        assert browser.get("/nowhere").status_code == 404
        assert browser.get("/favicon.ico").status_code == 404
        assert browser.post("/queue/nowhere").status_code == 404
