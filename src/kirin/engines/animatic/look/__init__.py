"""How a whole shot looks: styles on finished frames, focus, pace, title cards, changes in time.

* :func:`.styles.look_of` restyles finished frames.
* :class:`.focus.FocusBlur` is a drawable: put it into a scene's list just before the subject's.
* :class:`.pace.Pace` tells the scene's and the cast's clock at a frame, in place of
  ``frame / fps``; :meth:`.pace.Pace.length` is how long the scene's setting must last.
* :class:`.transition.ChangingScene` draws an ``Intent.becomes``: two scenes as one.
* :class:`.title.TitleStage` shows a ``Cast.title``, with the interface of a scene.
* :func:`.title.sign_board` is a layer with the words of a written ``Quotation``.
"""
